package io.tideline.core;

import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Dialect;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Opens databases through the dialect that their URL names. */
public final class Databases {
  private Databases() {}

  /**
   * Opens a database.
   *
   * @throws TidelineException {@code DATABASE_UNKNOWN_PRODUCT} if no dialect serves the URL
   */
  public static Database open(DatabaseUrl url) {
    return dialect(url).open(url);
  }

  /**
   * The dialect of a database, which need not be there.
   *
   * @throws TidelineException {@code DATABASE_UNKNOWN_PRODUCT} if no dialect serves the URL
   */
  public static Dialect dialect(DatabaseUrl url) {
    List<String> known = new ArrayList<>();
    for (Dialect dialect : ServiceLoader.load(Dialect.class)) {
      if (dialect.schemes().contains(url.scheme())) {
        return dialect;
      }
      known.add(dialect.schemes().get(0));
    }
    throw new TidelineException(
        ErrorCode.DATABASE_UNKNOWN_PRODUCT,
        "Cannot open " + url + ": '" + url.scheme() + "' is no database that Tideline knows.",
        "Nothing was changed.",
        "Known are: " + String.join(", ", known) + ".");
  }
}

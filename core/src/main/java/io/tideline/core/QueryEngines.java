package io.tideline.core;

import io.tideline.archive.QueryEngine;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.ServiceLoader;

/** Finds the engine that runs SQL over the archive. */
public final class QueryEngines {
  private QueryEngines() {}

  /**
   * The engine on the class path.
   *
   * @throws TidelineException {@code QUERY_REFUSED} if there is none
   */
  public static QueryEngine find() {
    return ServiceLoader.load(QueryEngine.class)
        .findFirst()
        .orElseThrow(
            () ->
                new TidelineException(
                    ErrorCode.QUERY_REFUSED,
                    "Cannot run SQL over the archive: no query engine is installed.",
                    "Nothing was changed.",
                    "Put tideline-query on the class path."));
  }
}

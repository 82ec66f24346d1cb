package io.tideline.sqlite;

import io.tideline.dialect.BackfillTarget;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The trigger and the log that a backfill made: nothing else is dropped, whatever its name. */
final class FillMade {
  private static final String OF_NAME =
      "SELECT type, sql FROM main.sqlite_schema WHERE name = ? AND sql IS NOT NULL ORDER BY type";

  private final Session session;
  private final BackfillTarget target;

  FillMade(Session session, BackfillTarget target) {
    this.session = session;
    this.target = target;
  }

  /** The statements by which they are known again. */
  String text() throws SQLException {
    return of(List.of("table", "trigger")).stream().collect(Collectors.joining("\n"));
  }

  private List<String> of(List<String> types) throws SQLException {
    return session.strings(OF_NAME, target.made()).stream()
        .filter(row -> types.contains(row[0]))
        .map(row -> row[1])
        .toList();
  }

  void dropTrigger(String made) throws SQLException {
    drop("trigger", made);
  }

  void dropLog(String made) throws SQLException {
    drop("table", made);
  }

  /** Drops the one of a type if it is there. */
  private void drop(String type, String made) throws SQLException {
    for (String statement : of(List.of(type))) {
      if (!made.contains(statement)) {
        throw new TidelineException(
            ErrorCode.BACKFILL_CHANGED,
            "Cannot remove the " + type + " " + target.made() + ": it is not as Tideline made it.",
            "The transaction was rolled back.",
            "See what it is, and drop or rename it yourself; then run the same command again.");
      }
      session.execute(
          "DROP " + type.toUpperCase(Locale.ROOT) + " main." + Sql.quote(target.made()));
    }
  }
}

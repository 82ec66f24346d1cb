package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexColumn.Nulls;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;

/** Why an index is not made or dropped here. */
final class IndexRefusal {
  private static final String NOTHING = "Nothing was changed.";

  private IndexRefusal() {}

  /** Refuses what SQLite's indexes have not. */
  static void requireKnown(IndexSpec spec) {
    String lack = "";
    if (!spec.include().isEmpty()) {
      lack = "'include'";
    } else if (!spec.method().isEmpty() && !spec.method().equals("btree")) {
      lack = "the method " + spec.method();
    } else if (spec.columns().stream().anyMatch(each -> !each.operators().isEmpty())) {
      lack = "operator classes";
    } else if (spec.columns().stream().anyMatch(IndexRefusal::movesNulls)) {
      lack = "'nulls' at the other end";
    }
    if (!lack.isEmpty()) {
      throw refused(
          "Cannot make the index " + spec.name() + ": SQLite's indexes have no " + lack + ".",
          "Write that under 'postgresql:' of the index, or 'only: postgresql'.");
    }
  }

  /** SQLite has them first in ascending order, last in descending order. */
  private static boolean movesNulls(IndexColumn column) {
    return column.nulls() == (column.descending() ? Nulls.FIRST : Nulls.LAST);
  }

  /** The refusal of what an index's state does not allow. */
  static TidelineException of(String verb, IndexStanding found) {
    String why =
        found.details().isEmpty()
            ? "it is " + found.state().word()
            : String.join("; ", found.details());
    return refused(
        "Cannot " + verb + " " + found.place() + ": " + why + ".",
        switch (found.state()) {
          case TAKEN -> "Declare it under another name.";
          case DIFFERENT -> "Give --replace to put the declared one in its place.";
          default -> "Look at it with `tideline indexes`.";
        });
  }

  static TidelineException repeats(IndexSpec spec, Throwable cause) {
    return new TidelineException(
        ErrorCode.INDEX_REFUSED,
        "Cannot make the unique index "
            + spec.name()
            + ": rows of "
            + spec.over()
            + " repeat others.",
        NOTHING,
        "Find them by GROUP BY over these columns HAVING count(*) > 1, mend them, and run it again.",
        cause);
  }

  private static TidelineException refused(String what, String mend) {
    return new TidelineException(ErrorCode.INDEX_REFUSED, what, NOTHING, mend);
  }
}

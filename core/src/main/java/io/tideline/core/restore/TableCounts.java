package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.run.RestoreReport;
import java.util.ArrayList;
import java.util.List;

/** Counts what became of the rows of one table that were to come back. */
final class TableCounts {
  private static final int EXAMPLES = 5;

  private final Identity identity;
  private final Replacement replacement;
  private final Strangers strangers;
  private final List<String> examples = new ArrayList<>();
  private long inserted;
  private long identical;
  private long overwritten;
  private long different;
  private long refused;

  /**
   * @param replacement what is done with live rows that differ
   * @param strangers hears of rows in whose place another one stays
   */
  TableCounts(Identity identity, Replacement replacement, Strangers strangers) {
    this.strangers = strangers;
    this.identity = identity;
    this.replacement = replacement;
  }

  Table table() {
    return identity.table();
  }

  /** What is done with live rows that differ. */
  Replacement replacement() {
    return replacement;
  }

  /** Counts a row that is back. */
  void back(Placement.Live live) {
    switch (live) {
      case ABSENT -> inserted++;
      case IDENTICAL -> identical++;
      case DIFFERENT -> overwritten++;
    }
  }

  /** Counts a row in whose place another one stays. */
  void different(Returning rows, int i, String why) {
    different++;
    strangers.add(table(), rows, i);
    example(rows, i, why);
  }

  /** Counts a row that the database refused. */
  void refused(Returning rows, int i, String why) {
    refused++;
    example(rows, i, why);
  }

  private void example(Returning rows, int i, String why) {
    if (examples.size() < EXAMPLES) {
      examples.add(identity.display(rows.mapping(), rows.row(i)) + ": " + why);
    }
  }

  RestoreReport.OfTable report() {
    return new RestoreReport.OfTable(
        table().name().toString(), inserted, identical, overwritten, different, refused, examples);
  }
}

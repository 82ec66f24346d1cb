package io.tideline.run;

import io.tideline.error.ExitCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a restore did.
 *
 * @param restore its id, which sorts by time
 * @param exit how it ended
 * @param restored rows inserted, or found there identical
 * @param attached references of rows that stayed, set again to rows that came back, or found so
 * @param tables what came back to each table
 * @param notes what the user should know: columns that vanished or are new, rows a trigger altered
 * @param heldUntil until when the next runs leave the rows alone
 */
public record RestoreReport(
    String restore,
    ExitCode exit,
    long restored,
    long attached,
    List<OfTable> tables,
    List<String> notes,
    Optional<Instant> heldUntil) {
  /** Copies the lists. */
  public RestoreReport {
    tables = List.copyOf(tables);
    notes = List.copyOf(notes);
  }

  /** The same, with more notes, and until when the rows are left alone. */
  public RestoreReport with(List<String> more, Optional<Instant> until) {
    List<String> all = new ArrayList<>(notes);
    all.addAll(more);
    return new RestoreReport(restore, exit, restored, attached, tables, all, until);
  }

  /**
   * What came back to one table.
   *
   * @param table the table
   * @param inserted rows inserted
   * @param identical rows that were there already, the same
   * @param overwritten live rows archived and replaced
   * @param different rows that were there, different, and were left; and older copies of rows that
   *     were archived again later, of which the newest comes back
   * @param refused rows that the database refused or a trigger altered
   * @param examples keys of rows different or refused
   */
  public record OfTable(
      String table,
      long inserted,
      long identical,
      long overwritten,
      long different,
      long refused,
      List<String> examples) {
    /** Copies the list. */
    public OfTable {
      examples = List.copyOf(examples);
    }

    /** This, and then what another try did for the rows that were left. */
    public OfTable then(OfTable again) {
      return new OfTable(
          table,
          inserted + again.inserted,
          identical + again.identical,
          overwritten + again.overwritten,
          again.different,
          again.refused,
          again.examples);
    }
  }
}

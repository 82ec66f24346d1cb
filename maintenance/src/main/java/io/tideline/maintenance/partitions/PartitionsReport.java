package io.tideline.maintenance.partitions;

import io.tideline.catalogue.TableName;
import io.tideline.error.ExitCode;
import io.tideline.tuning.PartitionFacts;
import io.tideline.tuning.PartitionedTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The partitions of the tables that rules name.
 *
 * @param place the database
 * @param tables one for each rule, in the order of the file
 * @param applied whether missing ones were made
 * @param stopped whether somebody ended it early
 */
public record PartitionsReport(
    String place, List<OfTable> tables, boolean applied, boolean stopped) {
  /** Copies the list. */
  public PartitionsReport {
    tables = List.copyOf(tables);
  }

  /**
   * One table.
   *
   * @param rule the rule's name
   * @param table the table
   * @param by the column
   * @param every how long a partition is
   * @param partitions those that are there, those made just now included
   * @param fallback the default partition
   * @param gaps what lies between two partitions and has none
   * @param reaches up to when there is one for every instant from now on; empty if there is none
   *     now
   * @param wanted those that are missing, or were
   */
  public record OfTable(
      String rule,
      TableName table,
      String by,
      String every,
      List<PartitionFacts> partitions,
      Optional<PartitionedTable.Fallback> fallback,
      List<Gap> gaps,
      Optional<Instant> reaches,
      List<Wanted> wanted) {
    /** Copies the lists. */
    public OfTable {
      partitions = List.copyOf(partitions);
      gaps = List.copyOf(gaps);
      wanted = List.copyOf(wanted);
    }
  }

  /**
   * A stretch without a partition.
   *
   * @param from its first instant
   * @param to the first instant after it
   */
  public record Gap(Instant from, Instant to) {}

  /** What became of a partition that was missing. */
  public enum State {
    /** It is missing, and would be made. */
    MISSING,
    /** Something is in its way. */
    BLOCKED,
    /** It was made. */
    MADE
  }

  /**
   * A partition that is missing, or was.
   *
   * @param name its name
   * @param from the first instant that belongs to it
   * @param to the first instant after it
   * @param state what became of it
   * @param why what is in its way, or empty
   * @param statement what makes it, for a person
   */
  public record Wanted(
      TableName name, Instant from, Instant to, State state, String why, String statement) {}

  /** How the command ends. */
  public ExitCode exit() {
    if (stopped) {
      return ExitCode.STOPPED;
    }
    boolean blocked =
        tables.stream()
            .flatMap(each -> each.wanted().stream())
            .anyMatch(each -> each.state() != State.MADE);
    return applied && blocked ? ExitCode.ROWS_LEFT : ExitCode.DONE;
  }
}

package io.tideline.tuning;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Which partitions a table shall have.
 *
 * @param name the rule's name
 * @param table the table, as the user writes it
 * @param by the column by whose time it is divided
 * @param every how long a partition is
 * @param ahead how many partitions there shall be after the present one
 * @param names how they are called
 * @param epoch what the column counts, if it holds whole numbers
 * @param start from when on there shall be partitions; the present one if empty
 * @param uniqueBy the columns that are unique together once a plain table is moved; empty if its
 *     own key has the column
 */
public record PartitionRule(
    String name,
    String table,
    String by,
    PartitionEvery every,
    int ahead,
    PartitionNames names,
    Optional<EpochUnit> epoch,
    Optional<Instant> start,
    List<String> uniqueBy) {
  /** How many there are ahead by default. */
  public static final int DEFAULT_AHEAD = 3;

  /** The largest {@code ahead}. */
  public static final int MOST_AHEAD = 400;

  /**
   * Copies the list and checks what belongs together.
   *
   * @throws TidelineException {@code POLICY_INVALID}
   */
  public PartitionRule {
    uniqueBy = List.copyOf(uniqueBy);
    if (ahead < 1 || ahead > MOST_AHEAD) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot keep " + ahead + " partitions ahead.",
          "Nothing was changed.",
          "Write a whole number from 1 to " + MOST_AHEAD + ".");
    }
    names.requireFit(every);
  }

  /** A rule with the usual names, of a column of times. */
  public static PartitionRule of(String name, String table, String by, PartitionEvery every) {
    return new PartitionRule(
        name,
        table,
        by,
        every,
        DEFAULT_AHEAD,
        PartitionNames.usual(every),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /** The same rule with so many partitions ahead. */
  public PartitionRule withAhead(int count) {
    return new PartitionRule(name, table, by, every, count, names, epoch, start, uniqueBy);
  }

  /** The same rule over a column of whole numbers. */
  public PartitionRule withEpoch(EpochUnit unit) {
    return new PartitionRule(
        name, table, by, every, ahead, names, Optional.of(unit), start, uniqueBy);
  }

  /** The same rule with partitions from an instant on. */
  public PartitionRule withStart(Instant from) {
    return new PartitionRule(
        name, table, by, every, ahead, names, epoch, Optional.of(from), uniqueBy);
  }

  /** The same rule, under which only these columns together are unique. */
  public PartitionRule withUniqueBy(List<String> columns) {
    return new PartitionRule(name, table, by, every, ahead, names, epoch, start, columns);
  }
}

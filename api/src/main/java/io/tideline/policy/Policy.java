package io.tideline.policy;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a table expire, and what happens to them. Made by {@link #of} and the {@code with}
 * methods of its {@link Builder}; immutable.
 *
 * @param name its name, unique in a file
 * @param table the table, as the user names it
 * @param time where a row's time stands; empty for a policy that only acts by key
 * @param retain how long rows are kept; empty if the policy is off
 * @param floor the shortest retention allowed for this policy, besides that of the settings
 * @param action what happens to expired rows
 * @param format the segment format of archived rows: {@code parquet} or {@code jsonl}
 * @param where a row expires only if this is true; NULL is not true
 * @param keepIf a row stays if this is true or NULL
 * @param keepLatest the newest rows that stay
 * @param maxValue a row with a larger value stays, in bytes
 * @param archiveTable the archive table of {@link Action#MOVE}; by default the table's name and
 *     {@code _archive}
 * @param dependents what goes with each row
 * @param maxTree a tree of more rows stays, unless it may go stepwise
 * @param stepwise whether a larger tree goes in several transactions
 */
public record Policy(
    String name,
    String table,
    Optional<TimeColumn> time,
    Optional<Duration> retain,
    Optional<Duration> floor,
    Action action,
    String format,
    Optional<Predicate> where,
    Optional<Predicate> keepIf,
    Optional<KeepLatest> keepLatest,
    long maxValue,
    Optional<String> archiveTable,
    List<Dependent> dependents,
    int maxTree,
    boolean stepwise) {
  /** The default of {@link #maxValue}: 32 MB. */
  public static final long DEFAULT_MAX_VALUE = 32L << 20;

  /** The default of {@link #maxTree}. */
  public static final int DEFAULT_MAX_TREE = 10_000;

  /** Copies the list. */
  public Policy {
    dependents = List.copyOf(dependents);
  }

  /** Begins a policy that is off and archives to Parquet. */
  public static Builder of(String name, String table) {
    return new Builder(name, table);
  }

  /** The same policy with another retention. */
  public Policy withRetain(Optional<Duration> other) {
    return new Policy(
        name,
        table,
        time,
        other,
        floor,
        action,
        format,
        where,
        keepIf,
        keepLatest,
        maxValue,
        archiveTable,
        dependents,
        maxTree,
        stepwise);
  }

  /** The same policy with another {@code keep_latest}. */
  public Policy withKeepLatest(KeepLatest other) {
    return new Policy(
        name,
        table,
        time,
        retain,
        floor,
        action,
        format,
        where,
        keepIf,
        Optional.of(other),
        maxValue,
        archiveTable,
        dependents,
        maxTree,
        stepwise);
  }

  /** Collects the parts of a policy. */
  public static final class Builder {
    private final String name;
    private final String table;
    private @Nullable TimeColumn time;
    private @Nullable Duration retain;
    private @Nullable Duration floor;
    private Action action = Action.ARCHIVE;
    private String format = "parquet";
    private @Nullable Predicate where;
    private @Nullable Predicate keepIf;
    private @Nullable KeepLatest keepLatest;
    private long maxValue = DEFAULT_MAX_VALUE;
    private @Nullable String archiveTable;
    private List<Dependent> dependents = List.of();
    private int maxTree = DEFAULT_MAX_TREE;
    private boolean stepwise;

    private Builder(String name, String table) {
      this.name = Objects.requireNonNull(name);
      this.table = Objects.requireNonNull(table);
    }

    /** The time column, its encoding told from a sample. */
    public Builder time(String column) {
      return time(TimeColumn.of(column));
    }

    /** The time column and its encoding. */
    public Builder time(TimeColumn column) {
      time = column;
      return this;
    }

    /** How long rows are kept; without it the policy is off. */
    public Builder retain(Duration duration) {
      retain = duration;
      return this;
    }

    /** The shortest retention allowed. */
    public Builder floor(Duration duration) {
      floor = duration;
      return this;
    }

    /** What happens to expired rows; {@link Action#ARCHIVE} by default. */
    public Builder action(Action value) {
      action = value;
      return this;
    }

    /** The segment format; {@code parquet} by default. */
    public Builder format(String value) {
      format = value;
      return this;
    }

    /** Only rows for which this is true expire. */
    public Builder where(String sql) {
      where = new Predicate(sql);
      return this;
    }

    /** Rows for which this is true or NULL stay. */
    public Builder keepIf(String sql) {
      keepIf = new Predicate(sql);
      return this;
    }

    /** The newest rows of each group stay. */
    public Builder keepLatest(KeepLatest value) {
      keepLatest = value;
      return this;
    }

    /** Rows with a larger value stay; 32 MB by default. */
    public Builder maxValue(long bytes) {
      maxValue = bytes;
      return this;
    }

    /** The archive table of {@link Action#MOVE}. */
    public Builder archiveTable(String value) {
      archiveTable = value;
      return this;
    }

    /** What goes with each row; nothing by default. */
    public Builder dependents(List<Dependent> value) {
      dependents = List.copyOf(value);
      return this;
    }

    /** The rows of the largest tree that goes, its root included; 10,000 by default. */
    public Builder maxTree(int rows) {
      maxTree = rows;
      return this;
    }

    /** Lets larger trees go in several transactions; by default they stay. */
    public Builder stepwise(boolean value) {
      stepwise = value;
      return this;
    }

    /** The policy. */
    public Policy build() {
      return new Policy(
          name,
          table,
          Optional.ofNullable(time),
          Optional.ofNullable(retain),
          Optional.ofNullable(floor),
          action,
          format,
          Optional.ofNullable(where),
          Optional.ofNullable(keepIf),
          Optional.ofNullable(keepLatest),
          maxValue,
          Optional.ofNullable(archiveTable),
          dependents,
          maxTree,
          stepwise);
    }
  }
}

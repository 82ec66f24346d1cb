package io.tideline.maintenance.partitions;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.Databases;
import io.tideline.core.work.Preconditions;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.PartitionMaker;
import io.tideline.dialect.RefusedException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.partitions.PartitionsReport.Gap;
import io.tideline.maintenance.partitions.PartitionsReport.OfTable;
import io.tideline.maintenance.partitions.PartitionsReport.State;
import io.tideline.maintenance.partitions.PartitionsReport.Wanted;
import io.tideline.policy.Settings;
import io.tideline.run.WorkListener;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.PartitionedTable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the partitions that rules want ahead of their time. It never drops one. Not thread-safe,
 * but for {@link #stop}.
 */
public final class Partitioning implements AutoCloseable {
  private final List<PartitionRule> rules;
  private final Clock clock;
  private final Database database;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Partitioning(List<PartitionRule> rules, Clock clock, Database database) {
    this.rules = rules;
    this.clock = clock;
    this.database = database;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @throws TidelineException {@code DATABASE_*}; {@code PARTITIONS_IMPOSSIBLE} if no rule is there
   */
  public static Partitioning open(Settings settings, Clock clock) {
    if (settings.partitions().isEmpty()) {
      throw new TidelineException(
          ErrorCode.PARTITIONS_IMPOSSIBLE,
          "Cannot look at partitions: the configuration names none.",
          "Nothing was changed.",
          "Write 'partitions: {logs: {table: logs, by: created_at, every: month}}' into it.");
    }
    return new Partitioning(settings.partitions(), clock, Databases.open(settings.database()));
  }

  /** Asks what is done to end soon; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /**
   * What is there, and what is missing; changes nothing.
   *
   * @throws TidelineException {@code TABLE_UNKNOWN}, {@code COLUMN_UNKNOWN}, {@code
   *     PARTITIONS_IMPOSSIBLE}
   */
  public PartitionsReport look() {
    try (PartitionMaker maker = database.partitionMaker()) {
      List<OfTable> tables = new ArrayList<>();
      for (Named each : resolve(maker)) {
        tables.add(table(maker, each, wanted(maker, each)));
      }
      return new PartitionsReport(database.info().place(), tables, false, false);
    }
  }

  /**
   * Makes what is missing. What cannot be made is told, and the rest goes on.
   *
   * @throws TidelineException as {@link #look}; {@code DATABASE_READ_ONLY}; {@code LEASE_HELD};
   *     {@code CONNECTION_LOST}: each partition is whole or not there
   */
  public PartitionsReport apply(WorkListener listener) {
    Preconditions.writable(database);
    Preconditions.clock(database, clock);
    try (PartitionMaker maker = database.partitionMaker()) {
      List<Named> all = resolve(maker);
      try (Lease lease = database.acquireLease()) {
        List<OfTable> tables = new ArrayList<>();
        for (Named each : all) {
          List<Wanted> wanted = make(maker, lease, each, listener);
          tables.add(table(maker, each, wanted));
        }
        return new PartitionsReport(database.info().place(), tables, true, stopping.get());
      }
    }
  }

  private record Named(PartitionRule rule, PartitionedTable table, Instant now) {}

  /** Before anything is made every rule must fit. */
  private List<Named> resolve(PartitionMaker maker) {
    Catalogue catalogue = database.catalogue();
    Instant now = Instant.now(clock);
    List<Named> all = new ArrayList<>();
    for (PartitionRule rule : rules) {
      Table table = database.resolve(catalogue, rule.table());
      String column = database.resolveColumn(table, rule.by());
      PartitionedTable known = maker.look(table.name(), column, rule.epoch());
      if (known.type().equals("date") && !rule.every().ofWholeDays()) {
        throw new TidelineException(
            ErrorCode.PARTITIONS_IMPOSSIBLE,
            "Cannot divide "
                + table.name()
                + " by "
                + column
                + " for every "
                + rule.every()
                + ": the column holds days.",
            "Nothing was changed.",
            "Write day, week, month, quarter, year, or a span of whole days.");
      }
      all.add(new Named(rule, known, now));
    }
    return all;
  }

  private static List<Wanted> wanted(PartitionMaker maker, Named each) {
    List<Wanted> wanted = new ArrayList<>();
    for (NewPartition next : Calendar.missing(each.rule(), each.table(), each.now())) {
      Optional<String> why = maker.obstacle(each.table(), next);
      wanted.add(
          wanted(
              maker, each, next, why.isPresent() ? State.BLOCKED : State.MISSING, why.orElse("")));
    }
    return wanted;
  }

  private List<Wanted> make(PartitionMaker maker, Lease lease, Named each, WorkListener listener) {
    List<Wanted> wanted = new ArrayList<>();
    List<NewPartition> missing = Calendar.missing(each.rule(), each.table(), each.now());
    for (NewPartition next : missing) {
      if (stopping.get()) {
        wanted.add(wanted(maker, each, next, State.MISSING, "It was stopped before."));
        continue;
      }
      listener.at("making " + next.name(), 0, 0);
      lease.confirm();
      try {
        maker.make(each.table(), next, stopping::get);
        listener.stepped("partition-made");
        wanted.add(wanted(maker, each, next, State.MADE, ""));
      } catch (RefusedException e) {
        String why = e.getMessage();
        wanted.add(wanted(maker, each, next, State.BLOCKED, why == null ? "" : why));
      }
    }
    return wanted;
  }

  private static Wanted wanted(
      PartitionMaker maker, Named each, NewPartition next, State state, String why) {
    return new Wanted(
        next.name(), next.from(), next.to(), state, why, maker.statement(each.table(), next));
  }

  /** As it is now. */
  private OfTable table(PartitionMaker maker, Named each, List<Wanted> wanted) {
    PartitionedTable now =
        maker.look(each.table().name(), each.table().column(), each.rule().epoch());
    Coverage coverage = Coverage.of(now);
    return new OfTable(
        each.rule().name(),
        now.name(),
        now.column(),
        each.rule().every().toString(),
        now.partitions(),
        now.fallback(),
        coverage.gaps().stream().map(gap -> new Gap(gap.from(), gap.to())).toList(),
        coverage.reach(each.now()),
        wanted);
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.tideline.maintenance.advise;

import io.tideline.catalogue.Catalogue;
import io.tideline.dialect.Database;
import io.tideline.dialect.WhatIf;
import io.tideline.error.TidelineException;
import io.tideline.maintenance.check.QueryCheck;
import io.tideline.tuning.Breach;
import io.tideline.tuning.Expectations;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.TableSize;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Judges queries on a stand-in: whether they can meet what is expected once tables are large, and
 * whether they will at the size that is declared. A table of a few rows is read whole whatever
 * indexes it has, so that its live plan tells neither. For one thread.
 */
public final class SizeCheck implements AutoCloseable {
  /** Large enough that no planner reads it whole where it can seek. */
  private static final long LARGE = 10_000_000;

  /** Each holds a connection. */
  private static final int OPEN = 4;

  private final Catalogue catalogue;
  private final Database database;
  private final WhatIf will;
  private final Instant now;
  private final Map<String, WhatIf> large = new TreeMap<>();

  private SizeCheck(Database database, List<TableSize> sizes, Instant now) {
    this.database = database;
    this.now = now;
    this.catalogue = database.catalogue();
    this.will = database.openWhatIf(sizes);
  }

  /**
   * Opens stand-ins of a database.
   *
   * @param sizes of production; what is left out is taken to be as large as it is here
   * @param now as of when parameters count
   * @throws io.tideline.error.TidelineException {@code TABLE_UNKNOWN}, {@code COLUMN_UNKNOWN}
   */
  public static SizeCheck open(Database database, List<TableSize> sizes, Instant now) {
    return new SizeCheck(database, sizes, now);
  }

  /** Judges some queries. */
  public SizeReport run(String place, List<QuerySpec> queries) {
    List<SizeReport.Sized> judged = new ArrayList<>();
    queries.forEach(query -> judged.add(judge(query)));
    return new SizeReport(place, will.basis(), judged);
  }

  /**
   * Judges a query by its plans. Rows that are read are not counted, for none are there.
   *
   * @throws io.tideline.error.TidelineException {@code INTERRUPTED}, {@code CONNECTION_LOST}; what
   *     is the query's own failure stands in the answer
   */
  public SizeReport.Sized judge(QuerySpec query) {
    try {
      List<@Nullable Object> values = query.values(now);
      QueryPlan plan = will.explain(query.text(), values);
      List<Breach> willNot = query.expect().judge(plan);
      List<Breach> cannot =
          willNot.isEmpty()
              ? willNot
              : query.expect().judge(large(query).explain(query.text(), values));
      return new SizeReport.Sized(
          query.name(), judged(query.expect()), cannot, willNot, Optional.of(plan), "");
    } catch (TidelineException e) {
      if (QueryCheck.own(e)) {
        return new SizeReport.Sized(
            query.name(), false, List.of(), List.of(), Optional.empty(), e.getMessage());
      }
      throw OneQuery.named(query, e);
    }
  }

  private static boolean judged(Expectations expect) {
    return !expect.usesIndex().isEmpty() || expect.noFullScan() || expect.noSort();
  }

  /** Tables that may be read whole stay as small as they are. */
  private WhatIf large(QuerySpec query) {
    List<TableSize> sizes = new ArrayList<>();
    for (Mentions each : QueryReading.of(query.text(), catalogue).mentions()) {
      String name = each.table.name().toString();
      boolean small = query.expect().mayScan().stream().anyMatch(name::equalsIgnoreCase);
      boolean known = sizes.stream().anyMatch(size -> size.table().equals(name));
      if (!small
          && !known
          && each.table.obstacles().stream().noneMatch(o -> o.what().contains("view"))) {
        sizes.add(TableSize.of(name, LARGE));
      }
    }
    if (large.size() >= OPEN && !large.containsKey(sizes.toString())) {
      large.values().forEach(WhatIf::close);
      large.clear();
    }
    return large.computeIfAbsent(sizes.toString(), unused -> database.openWhatIf(sizes));
  }

  /** On what the plans rest, one sentence each. */
  public List<String> basis() {
    return will.basis();
  }

  @Override
  public void close() {
    large.values().forEach(WhatIf::close);
    will.close();
  }
}

package io.tideline.maintenance.advise;

import io.tideline.tuning.QuerySpec;
import io.tideline.tuning.TableSize;
import java.time.Duration;
import java.util.List;

/**
 * What is asked.
 *
 * @param queries the queries to mend
 * @param sizes how large tables are in production, where this database is not that
 * @param longest after how long no other query is begun
 */
public record AdviseRequest(List<QuerySpec> queries, List<TableSize> sizes, Duration longest) {
  /** How long is usual. */
  public static final Duration USUAL = Duration.ofMinutes(5);

  /** Copies the lists. */
  public AdviseRequest {
    queries = List.copyOf(queries);
    sizes = List.copyOf(sizes);
  }
}

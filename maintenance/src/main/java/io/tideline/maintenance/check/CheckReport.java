package io.tideline.maintenance.check;

import java.util.List;

/**
 * What a check found.
 *
 * @param database the database, without secrets
 * @param basis what the plans were made from
 * @param queries in the order of the file
 */
public record CheckReport(String database, String basis, List<CheckedQuery> queries) {
  /** Copies the list. */
  public CheckReport {
    queries = List.copyOf(queries);
  }

  /** How many are not as they should be. */
  public long failed() {
    return queries.stream().filter(query -> query.verdict().bad()).count();
  }
}

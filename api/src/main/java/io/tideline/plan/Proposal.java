package io.tideline.plan;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A table that seems to grow by time, and how a policy for it could look.
 *
 * @param table the table, as a policy names it
 * @param time the column that tells a row's age
 * @param otherTimes other columns that could
 * @param encoding how its times are written
 * @param rows its rows
 * @param bytes its bytes with its indexes
 * @param oldest its oldest time
 * @param newest its newest time
 * @param remarks what stands in the way: no key, referred to by its own rows, no index on the time
 * @param dependents the tables that refer to it, the nearest first
 */
public record Proposal(
    String table,
    String time,
    List<String> otherTimes,
    TimeEncoding encoding,
    long rows,
    long bytes,
    Optional<Instant> oldest,
    Optional<Instant> newest,
    List<String> remarks,
    List<ProposedDependent> dependents) {
  /** Copies the lists. */
  public Proposal {
    otherTimes = List.copyOf(otherTimes);
    remarks = List.copyOf(remarks);
    dependents = List.copyOf(dependents);
  }
}

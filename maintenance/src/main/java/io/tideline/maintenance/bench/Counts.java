package io.tideline.maintenance.bench;

import java.util.Map;
import java.util.TreeMap;

/**
 * What came of requests.
 *
 * @param due how many were to be sent; of a closed model, how many were
 * @param ok answered
 * @param errors failed
 * @param timeouts given up
 * @param busy refused because of a lock
 * @param shed never sent: too many waited before them
 * @param amount rows or bytes of all that were answered
 * @param details how many of each detail
 */
public record Counts(
    long due,
    long ok,
    long errors,
    long timeouts,
    long busy,
    long shed,
    long amount,
    Map<String, Long> details) {
  /** Copies the map. */
  public Counts {
    details = Map.copyOf(details);
  }

  /** All that were not answered as they should be. */
  public long failed() {
    return errors + timeouts + busy + shed;
  }

  /** The sum of both. */
  Counts plus(Counts other) {
    Map<String, Long> all = new TreeMap<>(details);
    other.details.forEach((detail, count) -> all.merge(detail, count, Long::sum));
    return new Counts(
        due + other.due,
        ok + other.ok,
        errors + other.errors,
        timeouts + other.timeouts,
        busy + other.busy,
        shed + other.shed,
        amount + other.amount,
        all);
  }
}

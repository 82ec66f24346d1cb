package io.tideline.tuning;

import java.util.List;

/**
 * A parameter of a query and the samples that it is asked with.
 *
 * @param name without the colon
 * @param samples at least one; the first is the one to judge by, the others vary a load
 */
public record QueryParameter(String name, List<QueryValue> samples) {
  /** Copies the list. */
  public QueryParameter {
    samples = List.copyOf(samples);
    if (samples.isEmpty()) {
      throw new IllegalArgumentException("Cannot ask with parameter " + name + ": no value");
    }
  }

  /** A parameter with one sample. */
  public static QueryParameter of(String name, QueryValue sample) {
    return new QueryParameter(name, List.of(sample));
  }

  /** The sample of a turn, from 0; they come round again. */
  public QueryValue sample(long turn) {
    return samples.get((int) Math.floorMod(turn, (long) samples.size()));
  }
}

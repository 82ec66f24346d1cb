package io.tideline.maintenance.bench;

import java.time.Duration;

/** Hears how a bench goes, about five times a second, on the thread that runs it. */
@FunctionalInterface
public interface BenchListener {
  /** Hears nothing. */
  BenchListener NONE = (what, done, whole, asked, failed) -> {};

  /**
   * @param what what is being done: {@code round 2 of 5}
   * @param done how much of it is over
   * @param whole how long it is
   * @param asked the requests that it made so far
   * @param failed how many of them were not answered as they should be
   */
  void at(String what, Duration done, Duration whole, long asked, long failed);
}

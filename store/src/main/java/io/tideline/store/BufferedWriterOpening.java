package io.tideline.store;

import java.time.Duration;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * How a {@link BufferedWriter} gathers rows. Each method changes this opening and returns it. Used
 * by one thread.
 */
public final class BufferedWriterOpening<T> {
  private final Database database;
  private final BatchWork<T> work;
  private final SetAside<T> aside;
  private String name = "buffer";
  private int maxRows = 10_000;
  private long maxBytes = 64L << 20;
  private int flushRows = 500;
  private long flushBytes = 4L << 20;
  private Duration flushEvery = Duration.ofMillis(200);
  private Duration closeWithin = Duration.ofSeconds(30);
  private BackPressure whenFull = new BackPressure.Block(Duration.ofSeconds(30));
  private ToLongFunction<T> weigher = row -> 1_024;
  private boolean buffered = true;

  BufferedWriterOpening(Database database, BatchWork<T> work, SetAside<T> aside) {
    this.database = Objects.requireNonNull(database);
    this.work = Objects.requireNonNull(work);
    this.aside = Objects.requireNonNull(aside);
  }

  /** Its name in meters; {@code buffer} unless set. */
  public BufferedWriterOpening<T> named(String name) {
    this.name = Checks.name(name);
    return this;
  }

  /** The most rows accepted and not committed, and so the most that a crash loses; 10,000. */
  public BufferedWriterOpening<T> maxRows(int maxRows) {
    this.maxRows = Checks.within("maxRows", maxRows, 1, 10_000_000);
    return this;
  }

  /** The most bytes of them, as they are weighed; 64 MiB. A heavier row is refused. */
  public BufferedWriterOpening<T> maxBytes(long maxBytes) {
    this.maxBytes = Checks.positive("maxBytes", maxBytes);
    return this;
  }

  /** How many bytes a row weighs; 1 KiB each unless set. */
  public BufferedWriterOpening<T> weighedBy(ToLongFunction<T> weigher) {
    this.weigher = Objects.requireNonNull(weigher);
    return this;
  }

  /** A transaction begins when so many rows wait, and takes no more; 500. */
  public BufferedWriterOpening<T> flushRows(int flushRows) {
    this.flushRows = Checks.within("flushRows", flushRows, 1, 1_000_000);
    return this;
  }

  /** A transaction begins when so many bytes wait, and takes no more unless one row does; 4 MiB. */
  public BufferedWriterOpening<T> flushBytes(long flushBytes) {
    this.flushBytes = Checks.positive("flushBytes", flushBytes);
    return this;
  }

  /** A transaction begins when a row has waited so long; 200 ms. */
  public BufferedWriterOpening<T> flushEvery(Duration flushEvery) {
    this.flushEvery = Checks.positive("flushEvery", flushEvery);
    return this;
  }

  /** What happens with a row for which there is no room; the caller waits 30 s unless set. */
  public BufferedWriterOpening<T> whenFull(BackPressure whenFull) {
    this.whenFull = Objects.requireNonNull(whenFull);
    return this;
  }

  /** How long {@code close} waits for what is not written yet; 30 s. */
  public BufferedWriterOpening<T> closeWithin(Duration closeWithin) {
    this.closeWithin = Checks.positive("closeWithin", closeWithin);
    return this;
  }

  /**
   * Writes each row in a transaction of its own before {@code write} returns. Nothing is at risk.
   */
  public BufferedWriterOpening<T> unbuffered() {
    buffered = false;
    return this;
  }

  /** Starts it, with a thread of its own unless it is unbuffered. */
  public BufferedWriter<T> start() {
    BufferLimits limits = new BufferLimits(maxRows, maxBytes, flushRows, flushBytes, flushEvery);
    Batches<T> batches = new Batches<>(database, work, aside);
    BufferMeters meters = new BufferMeters(database.registry(), name);
    BufferedWriter<T> writer =
        new BufferedWriter<>(
            name, limits, batches, weigher, buffered ? whenFull : null, closeWithin, meters);
    meters.watch(database.registry(), name, writer);
    return writer;
  }
}

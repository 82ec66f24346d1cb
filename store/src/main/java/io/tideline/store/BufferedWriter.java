package io.tideline.store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes rows and writes them many at a time, each batch in one transaction, in the order in which
 * they came. While the database is locked, full or away rows wait, then the back-pressure acts; a
 * row that the database refuses is found, set aside and reported, and the others are written. Safe
 * for any number of threads.
 *
 * <p>A row is accepted when {@link #write} says true. A crash of the process loses at most the rows
 * that are accepted and not committed: {@link #atRisk} now, {@link #mostAtRisk} ever.
 *
 * <p>If the answer to a COMMIT is lost, the batch is written again: each of its rows is there once
 * or twice, unless the work is one that does no harm again ({@link BatchInsert#once}).
 */
public final class BufferedWriter<T> implements AutoCloseable {
  private final String name;
  private final BufferLimits limits;
  private final Batches<T> batches;
  private final ToLongFunction<T> weigher;
  private final @Nullable BackPressure whenFull;
  private final Duration closeWithin;
  private final BufferMeters meters;
  private final Buffer<T> buffer;
  private final @Nullable Flusher<T> flusher;

  BufferedWriter(
      String name,
      BufferLimits limits,
      Batches<T> batches,
      ToLongFunction<T> weigher,
      @Nullable BackPressure whenFull,
      Duration closeWithin,
      BufferMeters meters) {
    this.name = name;
    this.limits = limits;
    this.batches = batches;
    this.weigher = weigher;
    this.whenFull = whenFull;
    this.closeWithin = closeWithin;
    this.meters = meters;
    this.buffer = new Buffer<>(limits);
    this.flusher = whenFull == null ? null : Flusher.start(name, buffer, batches, meters);
  }

  /**
   * Begins to say how rows are gathered.
   *
   * @param work writes a batch
   * @param aside hears of accepted rows that could not be written
   */
  public static <T> BufferedWriterOpening<T> to(
      Database database, BatchWork<T> work, SetAside<T> aside) {
    return new BufferedWriterOpening<>(database, work, aside);
  }

  /**
   * Takes a row.
   *
   * @return whether it was accepted; false only under {@link BackPressure.Drop}
   * @throws StoreException if it was not accepted: there was no room in time, the writer is closed,
   *     or the caller's own writing failed
   * @throws IllegalArgumentException if the row alone is heavier than the buffer
   */
  public boolean write(T row) {
    if (whenFull == null) {
      return alone(row);
    }
    long weight = weigher.applyAsLong(row);
    if (weight < 0 || weight > limits.maxBytes()) {
      throw new IllegalArgumentException(
          "A row weighs " + weight + " bytes: from 0 to " + limits.maxBytes() + " are allowed");
    }
    Duration wait = whenFull instanceof BackPressure.Block block ? block.most() : Duration.ZERO;
    try {
      return buffer.offer(row, weight, wait) || refused(row, whenFull);
    } catch (InterruptedException e) {
      throw Pool.interrupted(name);
    }
  }

  private boolean refused(T row, BackPressure pressure) {
    if (pressure instanceof BackPressure.Drop) {
      meters.dropped.increment();
      return false;
    }
    if (pressure instanceof BackPressure.CallerRuns) {
      return alone(row);
    }
    throw Failures.busy(
        "Cannot accept a row for "
            + name
            + ": the buffer stayed full. The row is the caller's; those accepted before wait."
            + trouble().map(why -> " Meanwhile: " + why.getMessage()).orElse(""));
  }

  private boolean alone(T row) {
    meters.flush.record(() -> batches.all(List.of(row)));
    meters.written.increment();
    return true;
  }

  /**
   * Waits until every row accepted before is committed or set aside.
   *
   * @return whether it is; false if it took longer than this
   */
  public boolean flush(Duration most) {
    try {
      return buffer.flush(most);
    } catch (InterruptedException e) {
      throw Pool.interrupted(name);
    }
  }

  /** What a crash of this process would lose now. */
  public AtRisk atRisk() {
    return buffer.atRisk();
  }

  /** The most that a crash of this process can ever lose. */
  public AtRisk mostAtRisk() {
    return whenFull == null ? new AtRisk(0, 0) : new AtRisk(limits.maxRows(), limits.maxBytes());
  }

  /** Why rows cannot be written at present; empty if they can. */
  public Optional<StoreException> trouble() {
    return flusher == null ? Optional.empty() : flusher.trouble();
  }

  /** How many rows were dropped for lack of room. */
  public long dropped() {
    return meters.dropped.sum();
  }

  /**
   * Takes no more rows and waits until those accepted are committed. Rows that cannot be written
   * within the time that was set are set aside. Again does nothing. The listener of rows set aside
   * may call it; then it does not wait.
   */
  @Override
  public void close() {
    if (buffer.close() && flusher != null) {
      flusher.finish(closeWithin);
    }
  }
}

package io.tideline.store;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Rows that wait to be written, and those that are being written, within bounds. */
final class Buffer<T> {
  private record Entry<T>(T row, long weight, long since) {}

  private final BufferLimits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final Condition work = lock.newCondition();
  private final Condition settled = lock.newCondition();
  private final ArrayDeque<Entry<T>> queue = new ArrayDeque<>();
  private long queuedBytes;
  private long flightRows;
  private long flightBytes;
  private long accepted;
  private long done;
  private long wanted;
  private boolean closing;

  Buffer(BufferLimits limits) {
    this.limits = limits;
  }

  /** Accepts a row; false if there is no room within the time. */
  boolean offer(T row, long weight, Duration wait) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = wait.toNanos();
      while (!closing && !fits(weight)) {
        // Whoever finds no room wants what waits to be written, whatever the delay.
        wanted = accepted;
        work.signal();
        if (left <= 0) {
          return false;
        }
        left = room.awaitNanos(left);
      }
      if (closing) {
        throw new StoreException(
            StoreException.Reason.CLOSED,
            "Cannot accept a row: the writer was closed. The row is the caller's.",
            null);
      }
      queue.add(new Entry<>(row, weight, System.nanoTime()));
      queuedBytes += weight;
      accepted++;
      if (queue.size() == 1 || full()) {
        // In between the flusher sleeps until the first of them is due.
        work.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean fits(long weight) {
    return queue.size() + flightRows < limits.maxRows()
        && queuedBytes + flightBytes + weight <= limits.maxBytes();
  }

  /** The next batch, once it is due; empty when all is written and the buffer closes. */
  List<T> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      for (long left = untilDue(); left > 0; left = untilDue()) {
        work.awaitNanos(left);
      }
      List<T> batch = new ArrayList<>(Math.min(queue.size(), limits.flushRows()));
      long bytes = 0;
      while (!queue.isEmpty()
          && batch.size() < limits.flushRows()
          && (batch.isEmpty() || bytes + queue.element().weight() <= limits.flushBytes())) {
        Entry<T> next = queue.remove();
        bytes += next.weight();
        batch.add(next.row());
      }
      queuedBytes -= bytes;
      flightRows = batch.size();
      flightBytes = bytes;
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /** How many nanoseconds until a batch is due, zero if one is. */
  private long untilDue() {
    if (closing) {
      return 0;
    }
    if (queue.isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (full() || wanted > done) {
      return 0;
    }
    long age = System.nanoTime() - queue.element().since();
    return Math.max(0, limits.flushEvery().toNanos() - age);
  }

  private boolean full() {
    return queue.size() >= limits.flushRows() || queuedBytes >= limits.flushBytes();
  }

  /** So many rows of the batch are written or set aside, so many are left of it. */
  void settle(int rows, int left) {
    lock.lock();
    try {
      done += rows;
      flightRows = left;
      flightBytes = left == 0 ? 0 : flightBytes;
      room.signalAll();
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until every row accepted so far is settled; false if it takes longer. */
  boolean flush(Duration most) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long goal = accepted;
      wanted = Math.max(wanted, goal);
      work.signal();
      long left = most.toNanos();
      while (done < goal) {
        if (left <= 0) {
          return false;
        }
        left = settled.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** No more rows; whoever waits wakes up. False if it was closed before. */
  boolean close() {
    lock.lock();
    try {
      boolean first = !closing;
      closing = true;
      work.signalAll();
      room.signalAll();
      return first;
    } finally {
      lock.unlock();
    }
  }

  AtRisk atRisk() {
    lock.lock();
    try {
      return new AtRisk(queue.size() + flightRows, queuedBytes + flightBytes);
    } finally {
      lock.unlock();
    }
  }
}

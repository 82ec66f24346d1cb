package io.tideline.core.work;

import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a source on a thread of its own, one thing ahead at most. What it had ahead when it is
 * closed is dropped.
 */
public final class Ahead<T> implements Source<T> {
  private static final long POLL_MILLIS = 100;

  private final SynchronousQueue<Handover<T>> queue = new SynchronousQueue<>();
  private final Predicate<T> alone;
  private final Thread thread;
  private volatile boolean abandoned;
  private boolean ended;

  /**
   * Starts at once.
   *
   * @param name the thread's
   * @param source makes the source on the new thread, which closes it too
   */
  public Ahead(String name, Supplier<Source<T>> source) {
    this(name, source, thing -> false);
  }

  /**
   * As the other.
   *
   * @param alone whether a thing is so large that nothing comes after it while it is used
   */
  public Ahead(String name, Supplier<Source<T>> source, Predicate<T> alone) {
    this.alone = alone;
    thread = new Thread(() -> produce(source), name);
    thread.start();
  }

  /** Something, nothing at the end, a failure, or only the sign that more is asked for. */
  private record Handover<T>(Optional<T> next, @Nullable Throwable failure, boolean sign) {}

  @Override
  public Optional<T> next() {
    if (ended) {
      return Optional.empty();
    }
    Handover<T> handover = take();
    if (handover.sign()) {
      handover = take();
    }
    if (handover.failure() != null) {
      ended = true;
      throw rethrown(handover.failure());
    }
    ended = handover.next().isEmpty();
    return handover.next();
  }

  private Handover<T> take() {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private void produce(Supplier<Source<T>> supplier) {
    Handover<T> last;
    try (Source<T> source = supplier.get()) {
      Optional<T> next = source.next();
      while (next.isPresent()) {
        boolean large = alone.test(next.get());
        if (!offer(new Handover<>(next, null, false))) {
          return;
        }
        if (large && !offer(new Handover<>(Optional.empty(), null, true))) {
          return;
        }
        next = source.next();
      }
      last = new Handover<>(next, null, false);
    } catch (Throwable e) {
      last = new Handover<>(Optional.empty(), e, false);
    }
    offer(last);
  }

  private boolean offer(Handover<T> handover) {
    try {
      while (!abandoned) {
        if (queue.offer(handover, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @Override
  public void close() {
    abandoned = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException rethrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
  }
}

package io.tideline.core.run;

import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands chunks from the thread that reads and archives to the thread that deletes, one ahead at
 * most; or alternates on one thread where a reader would hold up every commit.
 */
final class Pipeline {
  private static final long POLL_MILLIS = 100;

  private Pipeline() {}

  /** Takes a chunk; false ends the work. */
  interface Sink {
    /** Takes one chunk. */
    boolean take(Chunk chunk);
  }

  /**
   * Carries every chunk to the sink, on the calling thread; reading goes on beside it if allowed.
   */
  static void run(Supplier<Chunks> source, boolean beside, Sink sink) {
    if (beside) {
      runBeside(source, sink);
      return;
    }
    try (Chunks chunks = source.get()) {
      Optional<Chunk> chunk = chunks.next();
      while (chunk.isPresent() && sink.take(chunk.get())) {
        chunk = chunks.next();
      }
    }
  }

  private record Handover(@Nullable Chunk chunk, @Nullable Throwable failure) {}

  private static void runBeside(Supplier<Chunks> source, Sink sink) {
    SynchronousQueue<Handover> queue = new SynchronousQueue<>();
    Abandoned abandoned = new Abandoned();
    Thread reader = new Thread(() -> produce(source, queue, abandoned), "tideline-archive");
    reader.start();
    try {
      for (Handover next = take(queue); ; next = take(queue)) {
        if (next.failure() != null) {
          throw rethrown(next.failure());
        }
        Chunk chunk = next.chunk();
        if (chunk == null || !sink.take(chunk)) {
          return;
        }
      }
    } finally {
      abandoned.now = true;
      join(reader);
    }
  }

  private static final class Abandoned {
    private volatile boolean now;
  }

  private static void produce(
      Supplier<Chunks> source, SynchronousQueue<Handover> queue, Abandoned abandoned) {
    Handover last;
    try (Chunks chunks = source.get()) {
      Optional<Chunk> chunk = chunks.next();
      while (chunk.isPresent()) {
        if (!offer(queue, new Handover(chunk.get(), null), abandoned)) {
          return;
        }
        chunk = chunks.next();
      }
      last = new Handover(null, null);
    } catch (Throwable e) {
      last = new Handover(null, e);
    }
    offer(queue, last, abandoned);
  }

  private static boolean offer(
      SynchronousQueue<Handover> queue, Handover handover, Abandoned abandoned) {
    try {
      while (!abandoned.now) {
        if (queue.offer(handover, POLL_MILLIS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static Handover take(SynchronousQueue<Handover> queue) {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Handover(null, e);
    }
  }

  private static void join(Thread thread) {
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

package io.tideline.core.run;

import io.tideline.core.work.Ahead;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.Source;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries chunks from reading over verifying to deleting: each on a thread of its own, or all in
 * turn on one where a reader would hold up every commit.
 */
final class Pipeline {
  private Pipeline() {}

  /** Takes a chunk; false ends the work. */
  interface Sink<C> {
    /** Takes one chunk. */
    boolean take(C chunk);
  }

  /**
   * Carries every chunk to the sink, on the calling thread, which also writes the manifests: it
   * alone knows whether the lease still holds.
   */
  static <C> void run(
      RunContext context, Supplier<Source<PendingChunk<C>>> archiving, Sink<C> sink) {
    boolean beside = context.database().info().concurrentReads();
    try (Source<PendingChunk<C>> chunks =
        beside
            ? new Ahead<>(
                "tideline-verify", () -> new Verified<>(new Ahead<>("tideline-archive", archiving)))
            : new Verified<>(archiving.get())) {
      carry(context, chunks, sink);
    }
  }

  private static <C> void carry(RunContext context, Source<PendingChunk<C>> chunks, Sink<C> sink) {
    boolean failed = true;
    try {
      Optional<PendingChunk<C>> chunk = chunks.next();
      while (chunk.isPresent() && allowed(context) && sink.take(chunk.get().seal())) {
        chunk = chunks.next();
      }
      failed = false;
    } finally {
      if (failed) {
        context.control().fail(); // a thread of the pipeline may wait while the run is paused
      }
    }
  }

  /** What a guard forbids is not even sealed: nothing is in doubt on its account. */
  private static boolean allowed(RunContext context) {
    context.control().askGuard(true);
    return context.control().forbidden().isEmpty();
  }

  /** Verifies what another source gives. */
  private record Verified<C>(Source<PendingChunk<C>> source) implements Source<PendingChunk<C>> {
    @Override
    public Optional<PendingChunk<C>> next() {
      Optional<PendingChunk<C>> next = source.next();
      next.ifPresent(PendingChunk::verify);
      return next;
    }

    @Override
    public void close() {
      source.close();
    }
  }
}

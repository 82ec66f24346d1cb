package io.tideline.core.run;

import java.util.Optional;

/** Gives chunks one after the other; belongs to one thread. */
interface Chunks extends AutoCloseable {
  /** The next chunk; empty at the end, or when the run shall stop. */
  Optional<Chunk> next();

  @Override
  void close();
}

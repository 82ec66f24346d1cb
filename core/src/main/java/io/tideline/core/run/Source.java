package io.tideline.core.run;

import java.util.Optional;

/** Gives one thing after the other; belongs to one thread. */
interface Source<T> extends AutoCloseable {
  /** The next; empty at the end, or when the run shall stop. */
  Optional<T> next();

  @Override
  void close();
}

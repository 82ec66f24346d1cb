package io.tideline.core.work;

import java.util.Optional;

/** Gives one thing after the other; belongs to one thread. */
public interface Source<T> extends AutoCloseable {
  /** The next; empty at the end, or when the run shall stop. */
  Optional<T> next();

  @Override
  void close();
}

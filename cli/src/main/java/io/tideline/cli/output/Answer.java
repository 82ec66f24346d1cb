package io.tideline.cli.output;

import io.tideline.archive.QueryEngine;

/** Writes rows as they come, in one form or another. */
public interface Answer extends QueryEngine.Result {
  /** Writes what has not been written. */
  void end();
}

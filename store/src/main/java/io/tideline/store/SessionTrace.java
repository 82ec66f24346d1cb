package io.tideline.store;

import java.util.Objects;

/** A trace and a session that it belongs to. */
public record SessionTrace(String session, Trace trace) {
  /** Checks that the session has a name. */
  public SessionTrace {
    if (session.isEmpty()) {
      throw new IllegalArgumentException("A session needs a name");
    }
    Objects.requireNonNull(trace);
  }
}

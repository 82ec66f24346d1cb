package io.tideline.store;

/**
 * What {@link TraceStore#deleteSession} removed.
 *
 * @param mappings how many traces the session held
 * @param traces how many of them no other session held, and are gone
 */
public record DeletedSession(long mappings, long traces) {
  DeletedSession plus(DeletedSession more) {
    return new DeletedSession(mappings + more.mappings, traces + more.traces);
  }
}

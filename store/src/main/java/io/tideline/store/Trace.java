package io.tideline.store;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One trace.
 *
 * @param id its name, unique in the store; {@link TimeOrderedIds} make good ones
 * @param contextType what kind of trace it is
 * @param namespace whose it is
 * @param data its JSON text
 * @param metadata more JSON text, or null
 * @param createdAt when it came to be, within the years 1 to 9999, kept to the microsecond
 * @param updatedAt when it was last written, likewise
 */
public record Trace(
    String id,
    String contextType,
    String namespace,
    String data,
    @Nullable String metadata,
    Instant createdAt,
    Instant updatedAt) {

  /** Checks that nothing but the metadata is missing. */
  public Trace {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("A trace needs an id");
    }
    Objects.requireNonNull(contextType);
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(data);
    createdAt = Seconds.within("createdAt", createdAt);
    updatedAt = Seconds.within("updatedAt", updatedAt);
  }

  /** A trace that is as old as its last change, without metadata. */
  public static Trace of(
      String id, String contextType, String namespace, String data, Instant createdAt) {
    return new Trace(id, contextType, namespace, data, null, createdAt, createdAt);
  }

  /** This trace, but as old as the other. */
  Trace asOldAs(Trace other) {
    return new Trace(id, contextType, namespace, data, metadata, other.createdAt(), updatedAt);
  }

  /** About how many bytes it takes in memory. */
  public long weight() {
    return 200L
        + 2L
            * (id.length()
                + contextType.length()
                + namespace.length()
                + (long) data.length()
                + (metadata == null ? 0 : metadata.length()));
  }
}

package io.tideline.health;

import io.tideline.dialect.DatabaseSize;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a database takes, and how it keeps it.
 *
 * @param size its bytes
 * @param settings how it is kept, by the engine's own names
 */
public record StorageFacts(DatabaseSize size, Map<String, String> settings) {
  /** Copies the map, whose order stays. */
  public StorageFacts {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }
}

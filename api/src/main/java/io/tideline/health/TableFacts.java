package io.tideline.health;

import io.tideline.catalogue.TableName;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a table takes; of a partitioned table, with all its partitions.
 *
 * @param name the table
 * @param rows its rows; empty if nothing tells
 * @param bytes the bytes of its rows, without what follows
 * @param indexBytes the bytes of its indexes
 * @param toastBytes the bytes of large values beside the table; empty where the engine has no such
 *     place
 */
public record TableFacts(
    TableName name,
    Optional<Amount> rows,
    Amount bytes,
    Amount indexBytes,
    OptionalLong toastBytes) {
  /** All that it takes. */
  public long total() {
    return bytes.value() + indexBytes.value() + toastBytes.orElse(0);
  }
}

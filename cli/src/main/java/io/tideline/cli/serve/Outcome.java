package io.tideline.cli.serve;

import io.tideline.dialect.DatabaseSize;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What became of a round. */
final class Outcome {
  private final Map<String, Result> results = new LinkedHashMap<>();
  private Optional<DatabaseSize> size = Optional.empty();
  private int inDoubt = -1;

  void put(String item, Result result) {
    results.put(item, result);
  }

  boolean has(String item) {
    return results.containsKey(item);
  }

  /** How each item ended. */
  Map<String, Result> results() {
    return results;
  }

  void stands(Optional<DatabaseSize> bytes, int open) {
    size = bytes;
    inDoubt = open;
  }

  /** The database's size afterwards, if it answered. */
  Optional<DatabaseSize> size() {
    return size;
  }

  /** The manifests in doubt afterwards; -1 if that is not known. */
  int inDoubt() {
    return inDoubt;
  }
}

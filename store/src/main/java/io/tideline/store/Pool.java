package io.tideline.store;

import io.micrometer.core.instrument.Tag;

/** What both kinds of pools say alike. */
final class Pool {
  private Pool() {}

  static Tag tag(String name) {
    return Tag.of("name", name);
  }

  static StoreException interrupted(String name) {
    Thread.currentThread().interrupt();
    return Failures.busy(
        "Cannot use " + name + ": the thread was interrupted while it waited. Nothing was done.");
  }
}

package io.tideline.cli.serve;

import io.tideline.config.ConfigFile;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What one database does at one time: policies in one run, or one job, by the file as it was when
 * it began.
 *
 * @param database the database's label
 * @param config the file as it was
 * @param items the policies, or the one job
 * @param slots the slot for which each begins; an item that is owed may have none
 * @param end when the window of a policy closes
 * @param live how far it is
 */
record Round(
    String database,
    ConfigFile config,
    List<Item> items,
    Map<String, Instant> slots,
    Optional<Instant> end,
    Live live) {
  boolean policies() {
    return items.get(0).isPolicy();
  }

  List<String> names() {
    return items.stream().map(Item::name).toList();
  }

  String display() {
    return items.stream().map(Item::name).collect(Collectors.joining(","));
  }
}

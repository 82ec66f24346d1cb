package io.tideline.testkit.chaos.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What applications know of the rows that they wrote; thread-safe. */
public final class Book {
  private final Map<String, Map<String, Entry>> tables = new TreeMap<>();

  /**
   * A row as it was written.
   *
   * @param text its values, as {@link LiveRows} gives them
   * @param atMillis the row's time
   */
  public record Version(String text, long atMillis) {}

  /**
   * What a transaction did to a row.
   *
   * @param table its table
   * @param key its key, as {@link LiveRows#keyText} gives it
   * @param root the key of the root of its tree
   * @param now the row as it is now; empty if it was deleted
   */
  public record Change(String table, String key, String root, Optional<Version> now) {}

  /** A row. */
  static final class Entry {
    private final String root;
    private final List<Version> ever = new ArrayList<>();
    private final Set<String> now = new HashSet<>();
    private boolean perhapsAbsent = true;
    private boolean deleted;

    private Entry(String root) {
      this.root = root;
    }

    String root() {
      return root;
    }

    /** Whether one of its versions was older. */
    boolean everBefore(long millis) {
      return ever.stream().anyMatch(version -> version.atMillis() < millis);
    }

    /** Whether it may be so, if it is anywhere. */
    boolean mayBe(String text) {
      return perhapsAbsent
          ? ever.stream().anyMatch(version -> version.text().equals(text))
          : now.contains(text);
    }

    /** Whether the application may have deleted it, or may never have written it. */
    boolean perhapsAbsent() {
      return perhapsAbsent;
    }

    /** Whether the application deleted it for sure. */
    boolean deleted() {
      return deleted;
    }

    private void apply(Optional<Version> version, boolean certain) {
      version.ifPresent(ever::add);
      if (certain) {
        now.clear();
        perhapsAbsent = version.isEmpty();
        deleted = version.isEmpty();
      } else {
        perhapsAbsent |= version.isEmpty();
      }
      version.ifPresent(each -> now.add(each.text()));
    }
  }

  /**
   * Notes what a transaction did.
   *
   * @param certain whether its commit was answered; else it happened whole or not at all
   */
  public synchronized void note(List<Change> changes, boolean certain) {
    for (Change change : changes) {
      tables
          .computeIfAbsent(change.table(), table -> new HashMap<>())
          .computeIfAbsent(change.key(), key -> new Entry(change.root()))
          .apply(change.now(), certain);
    }
  }

  /** How many rows it knows. */
  public synchronized long size() {
    return tables.values().stream().mapToLong(Map::size).sum();
  }

  synchronized Map<String, Entry> of(String table) {
    return new TreeMap<>(tables.getOrDefault(table, Map.of()));
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.HumanKey;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The keys of an archive table's rows that are to come back. Of rows that were moved under one key
 * the newest alone does, whether it is chosen, came back before, or is neither; one that the
 * archive table does not name stays, too.
 */
final class MovedKeys {
  private static final String OLDER = "an older copy; the row was moved again later";

  private final Table archive;
  private final LeftOut leftOut;
  private final List<String> human;
  private final PackedRows names;
  private PackedRows keys;
  private long[] times = new long[16];
  private final Map<String, Instant> newer;
  private final Set<String> older = new HashSet<>();
  private final Map<String, Instant> leaving = new TreeMap<>();

  /**
   * @param archive the archive table with its rows named
   * @param leftOut takes the rows that are left out
   * @param newer when copies were moved that came back before, by the digests of their keys
   */
  MovedKeys(Table table, Table archive, LeftOut leftOut, Map<String, Instant> newer) {
    this.archive = archive;
    this.newer = new HashMap<>(newer);
    this.leftOut = leftOut;
    List<String> columns = HumanKey.columns(table);
    this.human =
        columns.stream().allMatch(name -> archive.column(name).isPresent()) ? columns : List.of();
    this.names = new PackedRows(human.size());
    this.keys = new PackedRows(key().size());
  }

  private List<String> key() {
    return archive.key().orElseThrow().columns();
  }

  /** Finds those that meet a choice. */
  void find(Reader reader, MovedChoice choice) {
    List<Item> items = new ArrayList<>();
    key().forEach(name -> items.add(new Item.OfColumn(name)));
    boolean timed = archive.column(MovedRows.ARCHIVED_AT).isPresent();
    int at = timed ? items.size() : -1;
    if (timed) {
      items.add(new Item.OfColumn(MovedRows.ARCHIVED_AT));
    }
    int chosen = items.size();
    choice.time().ifPresent(column -> items.add(new Item.OfColumn(column)));
    int from = items.size();
    human.forEach(name -> items.add(new Item.OfColumn(name)));
    TimeRange range = choice.range(chosen);
    reader.scan(
        new Scan(archive, items, choice.conditions(), Range.all(key())),
        Integer.MAX_VALUE,
        row -> {
          if (range.holds(row)) {
            add(row, timed ? time(row, at) : 0, row.slice(from, row.width()));
          }
          return true;
        });
    if (!human.isEmpty()) {
      if (choice.partial()) {
        notChosen(reader, timed);
      }
      newest();
    }
  }

  /** Finds when the newest copies were moved of the keys found, chosen or not. */
  private void notChosen(Reader reader, boolean timed) {
    RowDigest digest = new RowDigest();
    DigestBag wanted = new DigestBag(names.size());
    for (int i = 0; i < names.size(); i++) {
      digest.update(names.get(i), 0, names.width());
      wanted.add(digest.high(), digest.low(), i);
    }
    List<Item> items = new ArrayList<>();
    human.forEach(name -> items.add(new Item.OfColumn(name)));
    if (timed) {
      items.add(new Item.OfColumn(MovedRows.ARCHIVED_AT));
    }
    reader.scan(
        new Scan(archive, items, List.of(), Range.all(key())),
        Integer.MAX_VALUE,
        row -> {
          digest.update(row, 0, human.size());
          int at = timed ? wanted.find(digest.high(), digest.low()) : -1;
          if (at >= 0) {
            compare(time(row, human.size()), at, text(digest));
          }
          return true;
        });
  }

  private void compare(long moved, int at, String key) {
    if (moved > times[at]) {
      newer.merge(key, Instant.ofEpochMilli(moved), (a, b) -> a.isAfter(b) ? a : b);
    } else if (moved < times[at]) {
      older.add(key);
    }
  }

  private static String text(RowDigest digest) {
    return "%016x%016x".formatted(digest.high(), digest.low());
  }

  /** Milliseconds; of a value that nobody reads, long ago: it only puts rows in order. */
  private static long time(Row row, int at) {
    if (row.kind(at) == Kind.INTEGER) {
      return Math.floorDiv(row.integer(at), 1_000);
    }
    try {
      return Instant.parse(row.display(at)).toEpochMilli();
    } catch (DateTimeParseException | ArithmeticException e) {
      return 0;
    }
  }

  private void add(Row row, long time, Row name) {
    for (int i = 0; i < keys.width(); i++) {
      if (row.isNull(i)) {
        leftOut.add(
            name.display(),
            "its "
                + key().get(i)
                + " in "
                + archive.name()
                + " is NULL, so nothing names the row there; give it a value");
        return;
      }
    }
    if (keys.size() == times.length) {
      times = Arrays.copyOf(times, times.length * 2);
    }
    times[keys.size()] = time;
    keys.add(row, 0);
    names.add(name, 0);
  }

  /**
   * Rows are in the order in which they were moved, those of one key at least. One with a NULL in
   * that key is a copy of none.
   */
  private void newest() {
    DigestBag seen = new DigestBag(keys.size());
    RowDigest digest = new RowDigest();
    List<Integer> newest = new ArrayList<>();
    for (int i = keys.size() - 1; i >= 0; i--) {
      Row name = names.get(i);
      digest.update(name, 0, names.width());
      if (name.hasNull()) {
        newest.add(i);
      } else if (seen.holds(digest.high(), digest.low())) {
        leftOut.add(name.display(), OLDER);
        leaving.put(text(digest), time(seen.find(digest.high(), digest.low())));
      } else if (!newer.isEmpty()
          && time(i).isBefore(newer.getOrDefault(text(digest), Instant.MIN))) {
        leftOut.add(name.display(), OLDER);
      } else {
        seen.add(digest.high(), digest.low(), i);
        newest.add(i);
        if (!older.isEmpty() && older.contains(text(digest))) {
          leaving.put(text(digest), time(i));
        }
      }
    }
    if (newest.size() < keys.size()) {
      PackedRows chosen = new PackedRows(keys.width());
      for (int i = newest.size() - 1; i >= 0; i--) {
        times[chosen.size()] = times[newest.get(i)];
        chosen.add(keys.get(newest.get(i)), 0);
      }
      keys = chosen;
    }
  }

  /** When the rows were moved of which older copies stay, by the digests of their keys. */
  Map<String, Instant> leaving() {
    return leaving;
  }

  /** The keys. */
  PackedRows keys() {
    return keys;
  }

  /** When the row of a key was moved, by the clock of the run that moved it. */
  Instant time(int key) {
    return Instant.ofEpochMilli(times[key]);
  }

  /** What names the rows in the table that they come back to: these columns. */
  List<String> human() {
    return human;
  }

  /** Their values of those columns, and those of older copies. */
  PackedRows names() {
    return names;
  }
}

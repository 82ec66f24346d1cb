package io.tideline.core.rule;

import io.tideline.catalogue.Table;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Item;
import io.tideline.dialect.Newest;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Knows the newest rows of the groups of one {@code keep_latest}: by seeks, for the groups it was
 * asked to learn. Future and unreadable times do not count. Bounded memory: the groups learnt last.
 */
public final class LatestGuard {
  private static final int GROUPS_KNOWN = 20_000;
  private static final int MORE_THAN_NEEDED = 4;

  private final Table table;
  private final int rows;
  private final Item time;
  private final TimeCodec codec;
  private final List<Item> group;
  private final Instant now;
  private final Map<ByteBuffer, Kept> known =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Kept> eldest) {
          return size() > GROUPS_KNOWN;
        }
      };

  /** The guard of a rule that keeps the latest. */
  public LatestGuard(Table table, Rule rule) {
    this.table = table;
    this.rows = rule.policy().keepLatest().orElseThrow().rows();
    this.time = rule.time().orElseThrow().item();
    this.codec = rule.time().orElseThrow().codec();
    this.group = rule.groups();
    this.now = rule.now();
  }

  /** What makes a group. */
  public List<Item> group() {
    return group;
  }

  /** Forgets every group: the rows may have changed. */
  public void forget() {
    known.clear();
  }

  /** Learns the newest rows of groups, but for those it knows. */
  public void learn(List<Row> groups, BiConsumer<Newest, RowSink> source) {
    List<Row> pending = new ArrayList<>();
    Set<ByteBuffer> seen = new HashSet<>();
    for (Row each : groups) {
      ByteBuffer name = CanonicalBuffer.of(each);
      if (!known.containsKey(name) && seen.add(name)) {
        pending.add(each);
      }
    }
    for (int limit = rows + MORE_THAN_NEEDED; !pending.isEmpty(); limit *= 4) {
      pending = learn(pending, limit, source);
    }
  }

  private List<Row> learn(List<Row> groups, int limit, BiConsumer<Newest, RowSink> source) {
    PackedRows packed = new PackedRows(group.size());
    groups.forEach(each -> packed.add(each, 0));
    List<List<Placed>> found = new ArrayList<>();
    int[] read = new int[groups.size()];
    groups.forEach(each -> found.add(new ArrayList<>()));
    source.accept(
        new Newest(table, time, group, packed, limit),
        row -> {
          int number = (int) row.integer(0);
          read[number]++;
          if (counts(row)) {
            found.get(number).add(new Placed(codec.instant(), row.slice(2, row.width())));
          }
          return true;
        });
    List<Row> undecided = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      List<Placed> placed = found.get(i);
      if (read[i] < limit || decided(placed)) {
        known.put(CanonicalBuffer.of(groups.get(i)), newest(placed));
      } else {
        undecided.add(groups.get(i));
      }
    }
    return undecided;
  }

  /** Whether a row has a time that is readable and not in the future; the codec then holds it. */
  private boolean counts(Row row) {
    TimeVerdict verdict = codec.read(row, 1, now, now);
    return verdict == TimeVerdict.EXPIRED || verdict == TimeVerdict.FRESH;
  }

  /** Whether a row strictly older than the last that is kept was read: then all ties were. */
  private boolean decided(List<Placed> placed) {
    List<Placed> sorted = placed.stream().sorted(Placed.NEWEST_FIRST).toList();
    return sorted.size() > rows
        && sorted.get(sorted.size() - 1).time().isBefore(sorted.get(rows - 1).time());
  }

  private Kept newest(List<Placed> placed) {
    List<Placed> kept = placed.stream().sorted(Placed.NEWEST_FIRST).limit(rows).toList();
    Set<ByteBuffer> keys = new HashSet<>();
    kept.forEach(each -> keys.add(CanonicalBuffer.of(each.key())));
    return new Kept(
        keys,
        kept.size() < rows ? Optional.empty() : Optional.of(kept.get(kept.size() - 1).time()));
  }

  /** Whether a row is among the newest of its group; a group never learnt protects it. */
  public boolean protects(Row groupOfRow, Row key) {
    Kept newest = known.get(CanonicalBuffer.of(groupOfRow));
    return newest == null || newest.keys().contains(CanonicalBuffer.of(key));
  }

  /**
   * Whether as many rows of a group as are kept were found strictly newer than an instant: then a
   * row of that time is not among them, wherever it lies; a group never learnt is not known to.
   */
  public boolean passed(Row group, Instant time) {
    Kept newest = known.get(CanonicalBuffer.of(group));
    return newest != null && newest.oldest().filter(time::isBefore).isPresent();
  }

  /** The keys of the newest rows, and the time of the last of them if they are complete. */
  private record Kept(Set<ByteBuffer> keys, Optional<Instant> oldest) {}

  private record Placed(Instant time, Row key) {
    /**
     * Newest first; ties by key, last key first. The sort is stable, and the engine's order stands.
     */
    static final Comparator<Placed> NEWEST_FIRST =
        Comparator.comparing(Placed::time)
            .thenComparing(Placed::key, Placed::compareKeys)
            .reversed();

    private static int compareKeys(Row a, Row b) {
      for (int i = 0; i < a.width(); i++) {
        int order =
            switch (a.kind(i)) {
              case INTEGER -> Long.compare(a.integer(i), b.integer(i));
              case REAL -> Double.compare(a.real(i), b.real(i));
              case TEXT, BLOB -> Arrays.compareUnsigned(a.bytes(i), b.bytes(i));
              case NULL -> 0;
            };
        if (order != 0) {
          return order;
        }
      }
      return 0;
    }
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.Restored;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The live copies of archived rows that no key names, found by their digests in one pass over the
 * table before anything is inserted: each live row stands for one archived row at most.
 */
final class LiveCopies {
  private static final int SLICE = 5_000;

  private final RunContext context;
  private final Table table;
  private final Map<Part, BitSet> found = new IdentityHashMap<>();
  private final Set<Row> claimed = new HashSet<>();
  private final RowDigest digest = new RowDigest();
  private @Nullable Row end;

  LiveCopies(RunContext context, Table table) {
    this.context = context;
    this.table = table;
  }

  /**
   * Looks for the rows of parts.
   *
   * @param source whether the table is the source's: then rows that came back earlier come first,
   *     so that one live row does not stand for two archived ones
   */
  void search(List<Part> parts, boolean source) {
    Map<List<String>, List<Part>> groups = new LinkedHashMap<>();
    List<Part> all = new ArrayList<>(source && !parts.isEmpty() ? marked() : List.of());
    all.addAll(parts);
    for (Part part : all) {
      groups.computeIfAbsent(part.mapping().compared(), c -> new ArrayList<>()).add(part);
      found.put(part, new BitSet());
    }
    String before = context.database().catalogue().version();
    try (Reader reader = context.database().openReader()) {
      groups.values().forEach(group -> search(reader, group, groups.size() > 1));
    }
    if (!context.database().catalogue().version().equals(before)) {
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot tell which rows of table "
              + table.name()
              + " are live: a VACUUM or a change of the schema came between.",
          "No row of the table was restored since.",
          "Run the same command again.");
    }
  }

  /** The rows of the table that are marked as restored. */
  private List<Part> marked() {
    List<Part> marked = new ArrayList<>();
    for (ManifestEntry entry : context.archive().manifests()) {
      for (int i = 0; i < entry.manifest().segments().size(); i++) {
        Manifest.Segment segment = entry.manifest().segments().get(i);
        BitSet rows = new BitSet();
        if (segment.table().equals(table.name())) {
          for (Restored restored : entry.restored()) {
            for (int[] range : restored.segments().get(i).ranges()) {
              rows.set(range[0], range[1] + 1);
            }
          }
        }
        if (!rows.isEmpty()) {
          Mapping mapping = Mapping.of(segment, table, false, Map.of(), false);
          marked.add(new Part(new Chosen(entry, i, rows), mapping));
        }
      }
    }
    return marked;
  }

  private void search(Reader reader, List<Part> group, boolean several) {
    int[] starts = new int[group.size() + 1];
    for (int i = 0; i < group.size(); i++) {
      starts[i + 1] = starts[i] + group.get(i).chosen().rows().length();
    }
    DigestBag bag = new DigestBag(starts[group.size()]);
    for (int i = 0; i < group.size(); i++) {
      int start = starts[i];
      Returning digests = new Returning(group.get(i).mapping());
      group
          .get(i)
          .read(
              context,
              (ordinal, row) -> {
                digests.digest(row);
                bag.add(digests.lastHigh(), digests.lastLow(), start + ordinal);
              });
    }
    end = null;
    List<Item> items = group.get(0).mapping().items();
    long read = SLICE;
    while (read == SLICE) {
      read = reader.scan(after(items), SLICE, row -> claim(row, bag, group, starts, several));
    }
  }

  private boolean claim(Row row, DigestBag bag, List<Part> group, int[] starts, boolean several) {
    Row key = row.slice(0, 1);
    end = key;
    if (several && claimed.contains(key)) {
      return true;
    }
    digest.update(row, 1, row.width());
    int at = bag.claim(digest.high(), digest.low());
    if (at >= 0) {
      int part = 0;
      while (starts[part + 1] <= at) {
        part++;
      }
      BitSet rows = found.get(group.get(part));
      if (rows != null) {
        rows.set(at - starts[part]);
      }
      if (several) {
        claimed.add(key);
      }
    }
    return true;
  }

  /** The ordinals of a part's rows that are live. */
  BitSet of(Part part) {
    return found.getOrDefault(part, new BitSet());
  }

  /** Goes on to the present end of the table. */
  void advance(Transaction transaction) {
    transaction.scan(
        after(List.of()),
        row -> {
          end = row.slice(0, 1);
          return true;
        });
  }

  /** Whether a hidden key lies after the end that was last advanced to. */
  boolean beyond(Row key) {
    Row last = end;
    return last == null || key.integer(0) > last.integer(0);
  }

  /** Reads the rows after that end, hidden key first. */
  void added(Transaction transaction, List<Item> items, RowSink sink) {
    transaction.scan(after(items), sink);
  }

  private Scan after(List<Item> items) {
    List<String> key = table.key().orElseThrow().columns();
    List<Item> all = new ArrayList<>();
    all.add(new Item.OfColumn(key.get(0)));
    all.addAll(items);
    return new Scan(
        table, all, List.of(), new Range(key, Optional.ofNullable(end), Optional.empty()));
  }
}

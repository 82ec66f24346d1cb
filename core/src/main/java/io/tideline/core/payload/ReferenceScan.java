package io.tideline.core.payload;

import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the references of one table for one part of all hashes: by key, a slice at a time, each in
 * a short read snapshot; a table without a key in one.
 */
final class ReferenceScan {
  private static final int SLICE = 10_000;

  private final ReferenceTable table;
  private final Part part;
  private final PackedHashes files;
  private final Sink sink;
  private final int key;
  private final int width;
  private final int edges;
  private final List<Item> items = new ArrayList<>();
  private final List<Pending> pending = new ArrayList<>();
  private PackedRows rows;

  /** Takes what is found. */
  interface Sink {
    /** A value was read; only the first pass tells. */
    void counted(int column, Mention mention, Row key);

    /**
     * Plain references of a slice, each with a row of {@code rows}: the key, then what leads to
     * roots.
     */
    void slice(List<Pending> pending, PackedRows rows);
  }

  /**
   * A plain reference.
   *
   * @param column its column's position in the table's list
   * @param key the hash's key
   * @param hash the hash
   */
  record Pending(int column, long key, String hash) {}

  ReferenceScan(ReferenceTable table, Part part, PackedHashes files, Sink sink) {
    this.table = table;
    this.part = part;
    this.files = files;
    this.sink = sink;
    this.key = table.order().size();
    table.order().forEach(name -> items.add(new Item.OfColumn(name)));
    table.columns().forEach(name -> items.add(new Item.OfColumn(name)));
    this.edges = items.size();
    items.addAll(Tracer.items(table.edges()));
    this.width = items.size();
    this.rows = new PackedRows(key + width - edges);
  }

  /** Reads all of it. */
  void read(Reader reader) {
    if (key == 0) {
      reader.scan(scan(Optional.empty()), Integer.MAX_VALUE, this::take);
      flush();
      return;
    }
    Row last = new Row(key);
    Optional<Row> after = Optional.empty();
    long read = SLICE;
    while (read == SLICE) {
      read =
          reader.scan(
              scan(after),
              SLICE,
              row -> {
                for (int i = 0; i < key; i++) {
                  last.set(i, row, i);
                }
                return take(row);
              });
      after = Optional.of(last.slice(0, key));
      flush();
    }
  }

  private Scan scan(Optional<Row> after) {
    return new Scan(
        table.table(), items, List.of(), new Range(table.order(), after, Optional.empty()));
  }

  private boolean take(Row row) {
    for (int i = 0; i < table.columns().size(); i++) {
      int at = key + i;
      refuseHuge(row, at);
      Mention mention = Mention.of(row, at);
      if (part.first()) {
        sink.counted(i, mention, row.slice(0, key));
      }
      if (mention.form() == Mention.Form.PLAIN) {
        if (part.has(mention.keys()[0])) {
          add(i, mention, row, at);
        }
      } else {
        hold(mention);
      }
    }
    if (key == 0 && pending.size() >= SLICE) {
      flush();
    }
    return true;
  }

  private void add(int column, Mention mention, Row row, int at) {
    pending.add(new Pending(column, mention.keys()[0], Mention.hash(row, at)));
    Row both = new Row(rows.width());
    for (int i = 0; i < key; i++) {
      both.set(i, row, i);
    }
    for (int i = edges; i < width; i++) {
      both.set(key + i - edges, row, i);
    }
    rows.add(both, 0);
  }

  /** What is no reference and could yet mean a file holds it, whatever its root. */
  private void hold(Mention mention) {
    byte mark = PackedHashes.LIVE | PackedHashes.HELD;
    for (long each : mention.keys()) {
      files.mark(each, mark);
    }
    if (mention.begins()) {
      files.mark(mention.low(), mention.high(), mark);
    }
  }

  private void flush() {
    if (!pending.isEmpty()) {
      sink.slice(pending, rows);
      pending.clear();
      rows = new PackedRows(rows.width());
    }
  }

  private void refuseHuge(Row row, int at) {
    if (row.bytes(at).length > Mention.LARGEST) {
      throw new TidelineException(
          ErrorCode.PAYLOADS_UNUSABLE,
          "Cannot read the references of "
              + table.table().name()
              + "."
              + table.columns().get(at - key)
              + ": it has a value of "
              + row.bytes(at).length
              + " bytes, which is no reference.",
          "Nothing was swept: references that cannot be read may hold any file.",
          "Correct the value, or name the right column in 'columns' of 'payloads'.");
    }
  }
}

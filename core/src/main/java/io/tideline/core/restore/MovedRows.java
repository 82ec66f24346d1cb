package io.tideline.core.restore;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Rows that a policy moved to an archive table of the same database. A row comes back and leaves
 * that table in one transaction.
 */
final class MovedRows implements Stock, Origin {
  /** The column that says when a row was moved. */
  static final String ARCHIVED_AT = "archived_at";

  private static final int PAGE = 2_000;

  private final RunContext context;
  private final Table table;
  private final Table archive;
  private final List<String> columns;
  private final Mapping mapping;
  private final MovedKeys found;
  private final PackedRows keys;
  private final LeftOut leftOut = new LeftOut();
  private final BitSet back = new BitSet();

  /**
   * Finds the rows that meet a choice.
   *
   * @param archive the archive table as the catalogue has it
   * @param newer when copies were moved that came back before, by the digests of their keys
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} if a value has no place in the table
   */
  MovedRows(
      RunContext context,
      Reader reader,
      Table table,
      Table archive,
      Map<String, String> renamed,
      MovedChoice choice,
      Map<String, Instant> newer) {
    this.context = context;
    this.table = table;
    this.archive = keyed(table, archive);
    this.columns =
        archive.columns().stream()
            .filter(Column::archived)
            .map(Column::name)
            .filter(name -> !name.equals(ARCHIVED_AT))
            .toList();
    refuseHomeless(renamed);
    this.mapping = new Mapping(columns, false, table, false, renamed, true);
    this.found = new MovedKeys(table, this.archive, leftOut, newer);
    found.find(reader, choice);
    this.keys = found.keys();
  }

  /**
   * An archive table has no key of its own on PostgreSQL: then what a row was, and when it left.
   */
  private static Table keyed(Table table, Table archive) {
    if (archive.key().isPresent()) {
      return archive;
    }
    List<String> columns = new ArrayList<>(HumanKey.columns(table));
    columns.add(ARCHIVED_AT);
    if (columns.stream().anyMatch(name -> archive.column(name).isEmpty())) {
      throw new TidelineException(
          ErrorCode.RESTORE_IMPOSSIBLE,
          "Cannot restore rows of "
              + archive.name()
              + ": it lacks a column of the key ("
              + String.join(", ", columns)
              + ").",
          "Nothing was changed.",
          "Give the archive table the columns that its source has.");
    }
    return archive.withKey(new Key(columns, Key.Kind.UNIQUE));
  }

  /** A row leaves the archive table as it comes back: a value without a place would be lost. */
  private void refuseHomeless(Map<String, String> renamed) {
    for (String column : columns) {
      String name = renamed.getOrDefault(column, column);
      boolean leftOut = name.isEmpty() && renamed.containsKey(column);
      if (leftOut || table.column(name).filter(Column::archived).isEmpty()) {
        throw new TidelineException(
            ErrorCode.RESTORE_IMPOSSIBLE,
            "Cannot restore rows of "
                + archive.name()
                + ": the values of its column "
                + column
                + " have no place in "
                + table.name()
                + ", and would be lost, for the rows leave that table.",
            "Nothing was changed.",
            "Give them a place with --map "
                + column
                + "=PRESENT, or restore other tables with --table.");
      }
    }
  }

  private static List<Item> items(List<String> names) {
    List<Item> items = new ArrayList<>();
    names.forEach(name -> items.add(new Item.OfColumn(name)));
    return items;
  }

  /** The table that they come back to. */
  Table table() {
    return table;
  }

  @Override
  public Mapping mapping() {
    return mapping;
  }

  /** The archive table that they lie in. */
  TableName archive() {
    return archive.name();
  }

  /** When those were moved of which older copies stay, by the digests of their keys. */
  Map<String, Instant> leaving() {
    return found.leaving();
  }

  /** How many are not back yet. */
  long size() {
    return keys.size() - back.cardinality();
  }

  /** How many are back. */
  long restored() {
    return back.cardinality();
  }

  /** Those that a request means and that stay in the archive table. */
  LeftOut leftOut() {
    return leftOut;
  }

  /** Predicates of which one is true for each of them in the table that they come back to. */
  List<String> where() {
    return keys.size() == 0 ? List.of() : new HeldKeys(table, found.human()).where(found.names());
  }

  /** Those that are not back yet, by the instant at which they were moved. */
  Map<Instant, BitSet> left() {
    Map<Instant, BitSet> left = new TreeMap<>();
    for (int row = back.nextClearBit(0); row < keys.size(); row = back.nextClearBit(row + 1)) {
      left.computeIfAbsent(found.time(row), at -> new BitSet()).set(row);
    }
    return left;
  }

  /** Brings those back that are not, into a table that has no part in a circle of references. */
  void restore(TableRestore to) {
    BitSet all = new BitSet();
    all.set(0, keys.size());
    all.andNot(back);
    for (int from = all.nextSetBit(0); from >= 0 && !context.control().stopping(); ) {
      BitSet page = page(all, from);
      Map<Integer, Row> rows = new LinkedHashMap<>(); // nothing is written while a read is open
      readPage(page, rows::put);
      TableRestore.Batch named = to.batch(mapping, this);
      TableRestore.Batch unnamed = to.unnamedBatch(mapping, this);
      rows.forEach(
          (ordinal, row) -> {
            if (!named.add(ordinal, row)) {
              unnamed.add(ordinal, row);
            }
          });
      restored(named.end());
      restored(unnamed.end());
      from = all.nextSetBit(page.length());
    }
  }

  private static BitSet page(BitSet rows, int from) {
    BitSet page = new BitSet();
    int row = from;
    for (int i = 0; i < PAGE && row >= 0; i++) {
      page.set(row);
      row = rows.nextSetBit(row + 1);
    }
    return page;
  }

  @Override
  public void read(BitSet rows, Part.Visitor visitor) {
    for (int from = rows.nextSetBit(0); from >= 0; ) {
      BitSet page = page(rows, from);
      readPage(page, visitor);
      from = rows.nextSetBit(page.length());
    }
  }

  private void readPage(BitSet page, Part.Visitor visitor) {
    PackedRows wanted = new PackedRows(keys.width());
    Map<ByteBuffer, Integer> ordinals = new HashMap<>();
    page.stream()
        .forEach(
            ordinal -> {
              Row key = keys.get(ordinal);
              wanted.add(key, 0);
              ordinals.put(CanonicalBuffer.of(key), ordinal);
            });
    try (Reader reader = context.database().openReader()) {
      reader.lookUp(
          archive,
          wanted,
          items(columns),
          row -> {
            Integer ordinal = ordinals.remove(CanonicalBuffer.of(row.slice(0, keys.width())));
            if (ordinal != null) {
              visitor.row(ordinal, row.slice(keys.width(), row.width()));
            }
            return true;
          });
    }
  }

  @Override
  public void restored(BitSet rows) {
    back.or(rows);
  }

  @Override
  public Origin origin() {
    return this;
  }

  @Override
  public List<Table> tables() {
    return List.of(archive);
  }

  @Override
  public Map<TableName, Long> take(Transaction transaction, Returning rows, List<Integer> taken) {
    if (taken.isEmpty()) {
      return Map.of();
    }
    PackedRows going = new PackedRows(keys.width());
    DigestBag bag = new DigestBag(taken.size());
    for (int i : taken) {
      going.add(keys.get(rows.ordinal(i)), 0);
      bag.add(rows.high(i), rows.low(i), i);
    }
    RowDigest digest = new RowDigest();
    long removed =
        transaction.removeKeys(
            archive,
            going,
            List.of(),
            items(mapping.sources()),
            new Removal.Delete(),
            row -> {
              digest.update(row, 0, row.width());
              return bag.claim(digest.high(), digest.low()) >= 0;
            });
    if (removed != taken.size() || bag.left() > 0) {
      throw new SurpriseException(
          "rows of "
              + archive.name()
              + " are not what was brought back: "
              + taken.size()
              + " were to be taken, "
              + removed
              + " were found");
    }
    return Map.of(archive.name(), removed);
  }

  /** The archive table that holds moved rows of a table, if it is there. */
  static Optional<Table> archiveTable(List<Table> tables, TableName name) {
    return tables.stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .or(
            () ->
                tables.stream()
                    .filter(table -> table.name().schema().equals(name.schema()))
                    .filter(table -> table.name().name().equalsIgnoreCase(name.name()))
                    .findFirst());
  }
}

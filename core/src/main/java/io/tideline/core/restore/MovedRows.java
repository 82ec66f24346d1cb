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
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that a policy moved to an archive table of the same database. A row comes back and leaves
 * that table in one transaction.
 */
final class MovedRows {
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

  /**
   * Finds the rows that meet a choice.
   *
   * @param archive the archive table as the catalogue has it
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} if a value has no place in the table
   */
  MovedRows(
      RunContext context,
      Reader reader,
      Table table,
      Table archive,
      Map<String, String> renamed,
      MovedChoice choice) {
    this.context = context;
    this.table = table;
    this.archive = keyed(table, archive);
    this.columns =
        archive.columns().stream()
            .filter(Column::archived)
            .map(Column::name)
            .filter(name -> !name.equals(ARCHIVED_AT))
            .toList();
    this.mapping = new Mapping(columns, false, table, false, renamed, true);
    this.found = new MovedKeys(table, this.archive, leftOut);
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

  private static List<Item> items(List<String> names) {
    List<Item> items = new ArrayList<>();
    names.forEach(name -> items.add(new Item.OfColumn(name)));
    return items;
  }

  /** The table that they come back to. */
  Table table() {
    return table;
  }

  /** Where their values go. */
  Mapping mapping() {
    return mapping;
  }

  /** How many there are. */
  long size() {
    return keys.size();
  }

  /** Those that a request means and that stay in the archive table. */
  LeftOut leftOut() {
    return leftOut;
  }

  /** Predicates of which one is true for each of them in the table that they come back to. */
  List<String> where() {
    return new HeldKeys(table, found.human()).where(found.names());
  }

  /** Brings them back. */
  void restore(TableRestore back) {
    for (int from = 0; from < keys.size() && !context.control().stopping(); from += PAGE) {
      Page page = new Page(from, Math.min(keys.size(), from + PAGE));
      page.restore(back);
    }
  }

  /** Some of the rows, read at once. */
  private final class Page implements Origin {
    private final PackedRows wanted = new PackedRows(keys.width());
    private final List<Row> ordinals = new ArrayList<>();

    Page(int from, int to) {
      for (int i = from; i < to; i++) {
        wanted.add(keys.get(i), 0);
      }
    }

    void restore(TableRestore back) {
      List<Row> rows = new ArrayList<>();
      try (Reader reader = context.database().openReader()) {
        reader.lookUp(
            archive,
            wanted,
            items(columns),
            row -> {
              ordinals.add(row.slice(0, keys.width()));
              rows.add(row.slice(keys.width(), row.width()));
              return true;
            });
      }
      TableRestore.Batch named = back.batch(mapping, this);
      TableRestore.Batch unnamed = back.unnamedBatch(mapping, this);
      for (int i = 0; i < rows.size(); i++) {
        if (!named.add(i, rows.get(i))) {
          unnamed.add(i, rows.get(i));
        }
      }
      named.end();
      unnamed.end();
    }

    @Override
    public List<Table> tables() {
      return List.of(archive);
    }

    @Override
    public Map<TableName, Long> take(Transaction transaction, Returning rows, List<Integer> back) {
      if (back.isEmpty()) {
        return Map.of();
      }
      PackedRows going = new PackedRows(keys.width());
      DigestBag bag = new DigestBag(back.size());
      for (int i : back) {
        going.add(ordinals.get(rows.ordinal(i)), 0);
        bag.add(rows.high(i), rows.low(i), i);
      }
      RowDigest digest = new RowDigest();
      long removed =
          transaction.removeKeys(
              archive,
              going,
              List.of(),
              mapped(),
              new Removal.Delete(),
              row -> {
                digest.update(row, 0, row.width());
                return bag.claim(digest.high(), digest.low()) >= 0;
              });
      if (removed != back.size() || bag.left() > 0) {
        throw new SurpriseException(
            "rows of "
                + archive.name()
                + " are not what was brought back: "
                + back.size()
                + " were to be taken, "
                + removed
                + " were found");
      }
      return new HashMap<>(Map.of(archive.name(), removed));
    }

    /** What came back of a row, as the archive table names it. */
    private List<Item> mapped() {
      return mapping.sources().stream().<Item>map(Item.OfColumn::new).toList();
    }
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

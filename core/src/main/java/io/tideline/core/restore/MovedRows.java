package io.tideline.core.restore;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.plan.HumanKey;
import io.tideline.core.run.RunContext;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Kind;
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

  /** Above as many rows the hold is on the whole table. */
  private static final int HELD_BY_KEY = 1_000;

  private static final String EVERY_ROW = "1 = 1";

  private final RunContext context;
  private final Table table;
  private final Table archive;
  private final List<String> columns;
  private final Mapping mapping;
  private final PackedRows keys;
  private final List<Row> firstKeys = new ArrayList<>();

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
    this.keys = new PackedRows(key().size());
    find(reader, choice);
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

  private List<String> key() {
    return archive.key().orElseThrow().columns();
  }

  private void find(Reader reader, MovedChoice choice) {
    List<Item> items = items(key());
    int times = items.size();
    choice.time().ifPresent(column -> items.add(new Item.OfColumn(column)));
    int human = items.size();
    items.addAll(items(humanKey()));
    TimeRange range = choice.range(times);
    reader.scan(
        new Scan(archive, items, choice.conditions(), Range.all(key())),
        Integer.MAX_VALUE,
        row -> {
          if (range.holds(row)) {
            keys.add(row, 0);
            if (firstKeys.size() <= HELD_BY_KEY) {
              firstKeys.add(row.slice(human, row.width()));
            }
          }
          return true;
        });
  }

  private List<String> humanKey() {
    return HumanKey.columns(table).stream()
        .filter(name -> archive.column(name).isPresent())
        .toList();
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

  /**
   * A predicate that is true for them in the table they come back to; true for every row where they
   * are too many, or a key cannot be written.
   */
  String where() {
    List<String> names = humanKey();
    if (names.isEmpty() || firstKeys.size() > HELD_BY_KEY) {
      return EVERY_ROW;
    }
    List<String> alternatives = new ArrayList<>();
    for (Row row : firstKeys) {
      List<String> parts = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        if (!writable(names.get(i), row.kind(i))) {
          return EVERY_ROW;
        }
        String value = row.display(i);
        parts.add(
            quoted(names.get(i), '"')
                + " = "
                + (row.kind(i) == Kind.INTEGER ? value : quoted(value, '\'')));
      }
      alternatives.add("(" + String.join(" AND ", parts) + ")");
    }
    return String.join(" OR ", alternatives);
  }

  /**
   * Whether a literal of that kind compares with the column: dates and times are integers to us
   * only.
   */
  private boolean writable(String column, Kind kind) {
    Family family = table.column(column).orElseThrow().type().family();
    boolean integers = family == Family.INT32 || family == Family.INT64 || family == Family.ANY;
    return kind == Kind.TEXT || kind == Kind.INTEGER && integers;
  }

  private static String quoted(String text, char quote) {
    String one = String.valueOf(quote);
    return one + text.replace(one, one + one) + one;
  }

  /** Brings them back. */
  void restore(TableRestore back) {
    for (int from = 0; from < keys.size() && !context.stopping().get(); from += PAGE) {
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
      TableRestore.Batch batch = back.batch(mapping, this);
      for (int i = 0; i < rows.size(); i++) {
        batch.add(i, rows.get(i));
      }
      batch.end();
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

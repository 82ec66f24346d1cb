package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.row.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the live rows that lost references and that no key names any more, by all their other
 * values. Of rows that are equal each stands for one reference, whichever.
 */
final class NamelessRows {
  private static final int SLICE = 5_000;

  private final RunContext context;
  private final Table table;
  private final List<String> columns;
  private final Set<Row> claimed = new HashSet<>();
  private final RowDigest digest = new RowDigest();

  /**
   * A reference that was archived.
   *
   * @param ordinal its position in its file
   * @param referring what the referring columns held
   * @param loose what other columns held that lost references too: they may be NULL now
   * @param firm what all other columns held
   */
  record Lost(int ordinal, Row referring, Row loose, Row firm) {}

  /** How much of a live row must be as it was. */
  private enum Likeness {
    /** The reference is missing. */
    EXACT,
    /** Other references may be missing too. */
    LOOSE,
    /** The reference is there. */
    AS_IT_WAS
  }

  /**
   * Rows of a table.
   *
   * @param table the table, its rows named by its hidden key
   * @param columns its referring columns
   */
  NamelessRows(RunContext context, Table table, List<String> columns) {
    this.context = context;
    this.table = table;
    this.columns = columns;
  }

  /** A live row that stands for a reference already. */
  void claim(Row key) {
    claimed.add(key);
  }

  /** The hidden keys of the rows that were found, by ordinal; no row is found twice. */
  Map<Integer, Row> find(List<Lost> lost, List<String> loose, List<String> firm) {
    Map<Integer, Row> found = new HashMap<>();
    try (Reader reader = context.database().openReader()) {
      for (Likeness likeness : Likeness.values()) {
        if (found.size() < lost.size() && (likeness != Likeness.LOOSE || !loose.isEmpty())) {
          find(reader, likeness, lost, loose, firm, found);
        }
      }
    }
    return found;
  }

  private void find(
      Reader reader,
      Likeness likeness,
      List<Lost> lost,
      List<String> loose,
      List<String> firm,
      Map<Integer, Row> found) {
    Map<List<Long>, Deque<Lost>> sought = new HashMap<>();
    for (Lost each : lost) {
      if (!found.containsKey(each.ordinal())) {
        sought
            .computeIfAbsent(
                digest(likeness, each.referring(), each.loose(), each.firm()),
                d -> new ArrayDeque<>())
            .add(each);
      }
    }
    List<String> read = new ArrayList<>(table.key().orElseThrow().columns());
    read.addAll(columns);
    read.addAll(loose);
    read.addAll(firm);
    int looseAt = 1 + columns.size();
    int firmAt = looseAt + loose.size();
    scan(
        reader,
        read,
        row -> {
          Row key = row.slice(0, 1);
          Row referring = row.slice(1, looseAt);
          Row others = row.slice(looseAt, firmAt);
          if (claimed.contains(key) || !may(likeness, referring, others)) {
            return;
          }
          Deque<Lost> same =
              sought.get(digest(likeness, referring, others, row.slice(firmAt, row.width())));
          if (same != null) {
            same.stream()
                .filter(each -> partOf(referring, each.referring()) && partOf(others, each.loose()))
                .findFirst()
                .ifPresent(
                    each -> {
                      same.remove(each);
                      claimed.add(key);
                      found.put(each.ordinal(), key);
                    });
          }
        });
  }

  private static boolean may(Likeness likeness, Row referring, Row loose) {
    return switch (likeness) {
      case EXACT -> referring.hasNull();
      case LOOSE -> referring.hasNull() && loose.hasNull();
      case AS_IT_WAS -> !referring.hasNull();
    };
  }

  private List<Long> digest(Likeness likeness, Row referring, Row loose, Row firm) {
    Row all = new Row(referring.width() + loose.width() + firm.width());
    int at = 0;
    for (int i = 0; i < firm.width(); i++) {
      all.set(at++, firm, i);
    }
    for (int i = 0; likeness == Likeness.EXACT && i < loose.width(); i++) {
      all.set(at++, loose, i);
    }
    for (int i = 0; likeness == Likeness.AS_IT_WAS && i < referring.width(); i++) {
      all.set(at++, referring, i);
    }
    digest.update(all, 0, at);
    return List.of(digest.high(), digest.low());
  }

  /** Whether live values are those of the archive as far as they are not NULL. */
  private static boolean partOf(Row live, Row archived) {
    for (int i = 0; i < live.width(); i++) {
      if (!live.isNull(i) && !live.slice(i, i + 1).equals(archived.slice(i, i + 1))) {
        return false;
      }
    }
    return true;
  }

  private interface Visitor {
    void row(Row row);
  }

  private void scan(Reader reader, List<String> read, Visitor visitor) {
    List<String> key = table.key().orElseThrow().columns();
    List<Item> items = read.stream().<Item>map(Item.OfColumn::new).toList();
    @Nullable Row[] end = {null};
    long rows = SLICE;
    while (rows == SLICE && !context.control().stopping()) {
      Range after = new Range(key, Optional.ofNullable(end[0]), Optional.empty());
      rows =
          reader.scan(
              new Scan(table, items, List.of(), after),
              SLICE,
              row -> {
                end[0] = row.slice(0, 1);
                visitor.row(row);
                return true;
              });
    }
  }
}

package io.tideline.core.restore;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.dialect.Item;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where each archived value goes in the table as it is now. A place of the mapping is one column to
 * be inserted; a hidden key is a place of its own, first, if rows shall keep theirs.
 */
final class Mapping {
  private final Table table;
  private final List<String> columns = new ArrayList<>();
  private final List<Integer> positions = new ArrayList<>();
  private final List<String> sources = new ArrayList<>();
  private final boolean keepsHiddenKey;
  private final List<String> notes = new ArrayList<>();

  /**
   * Maps the columns of archived rows.
   *
   * @param archived their names, in order
   * @param hiddenKey whether the first is a hidden key
   * @param keepsHiddenKey whether rows shall keep it where it is free
   * @param renamed archived names and the present ones; an empty name leaves a column out
   * @param whole whether every value must have a place or be left out by name
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} if the table's key would be missing, or a
   *     value of a whole row
   */
  Mapping(
      List<String> archived,
      boolean hiddenKey,
      Table table,
      boolean keepsHiddenKey,
      Map<String, String> renamed,
      boolean whole) {
    this.table = table;
    this.keepsHiddenKey = hiddenKey && keepsHiddenKey && key().hidden();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < archived.size(); i++) {
      if (i == 0 && hiddenKey) {
        if (this.keepsHiddenKey) {
          add(key().columns().get(0), archived, i);
        }
        continue;
      }
      String mapped = renamed.get(archived.get(i));
      if (mapped != null && mapped.isEmpty()) {
        continue; // left out as asked; a column's own name may be empty
      }
      String name = mapped == null ? archived.get(i) : mapped;
      if (table.column(name).filter(Column::archived).isPresent()) {
        add(name, archived, i);
        used.add(name);
      } else {
        vanished(archived.get(i), whole);
      }
    }
    noteNew(used);
    requireKey();
  }

  /** As the constructor, for the rows of a segment. */
  static Mapping of(
      Manifest.Segment segment,
      Table table,
      boolean keepsHiddenKey,
      Map<String, String> renamed,
      boolean whole) {
    List<String> names = segment.columns().stream().map(SegmentColumn::name).toList();
    return new Mapping(names, segment.hiddenKey(), table, keepsHiddenKey, renamed, whole);
  }

  private void add(String column, List<String> archived, int position) {
    columns.add(column);
    sources.add(archived.get(position));
    positions.add(position);
  }

  private Key key() {
    return table.key().orElseThrow();
  }

  private void vanished(String column, boolean whole) {
    if (whole) {
      throw new TidelineException(
          ErrorCode.RESTORE_IMPOSSIBLE,
          "Cannot restore rows of "
              + table.name()
              + ": the archive has a column "
              + column
              + ", the table has none that takes its values now.",
          "Nothing was changed.",
          "Name its present column with --map "
              + column
              + "=PRESENT, or leave its values in the archive's files with --map "
              + column
              + "= (the restored rows then leave the archive's view).");
    }
    notes.add(
        "column "
            + column
            + " of the archive has no place in "
            + table.name()
            + " now: its values stay in the archive only (--map "
            + column
            + "=OTHER gives it one)");
  }

  private void noteNew(Set<String> used) {
    for (Column column : table.columns()) {
      if (column.archived() && !used.contains(column.name())) {
        notes.add(
            "column "
                + column.name()
                + " of "
                + table.name()
                + " is not in the archive: it gets its default");
      }
    }
  }

  private void requireKey() {
    if (!key().hidden() && !columns.containsAll(key().columns())) {
      throw new TidelineException(
          ErrorCode.RESTORE_IMPOSSIBLE,
          "Cannot restore rows of "
              + table.name()
              + ": the archive lacks its key ("
              + String.join(", ", key().columns())
              + ").",
          "Nothing was changed.",
          "Give the key's columns with --map ARCHIVED=PRESENT.");
    }
  }

  /** Whether rows bring a hidden key, which is the first place then. */
  boolean keepsHiddenKey() {
    return keepsHiddenKey;
  }

  /** The columns to insert. */
  List<String> columns() {
    return List.copyOf(columns);
  }

  /** The archived names of those columns. */
  List<String> sources() {
    return List.copyOf(sources);
  }

  /** What the user should know. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The first place that a digest covers: all but a hidden key. */
  int digestFrom() {
    return keepsHiddenKey ? 1 : 0;
  }

  /** The columns that a digest covers. */
  List<String> compared() {
    return List.copyOf(columns.subList(digestFrom(), columns.size()));
  }

  /** The items of a live row that compare with {@link #pick}, from {@link #digestFrom}. */
  List<Item> items() {
    return compared().stream().<Item>map(Item.OfColumn::new).toList();
  }

  /** The values to insert of an archived row. */
  Row pick(Row archived) {
    Row row = new Row(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      row.set(i, archived, positions.get(i));
    }
    return row;
  }

  /** The values of some columns of a row of {@link #pick}. */
  Row values(Row picked, List<String> names) {
    Row found = new Row(names.size());
    for (int i = 0; i < names.size(); i++) {
      found.set(i, picked, columns.indexOf(names.get(i)));
    }
    return found;
  }
}

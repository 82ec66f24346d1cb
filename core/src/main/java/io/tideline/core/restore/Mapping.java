package io.tideline.core.restore;

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
 * be inserted; a hidden key is a place of its own, first, if rows keep theirs.
 */
final class Mapping {
  private final Table table;
  private final List<String> columns = new ArrayList<>();
  private final List<Integer> positions = new ArrayList<>();
  private final boolean keepsHiddenKey;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param keepsHiddenKey whether a hidden key still names the rows
   * @param renamed archived names and the present ones; an empty name leaves a column out
   */
  Mapping(
      Manifest.Segment segment, Table table, boolean keepsHiddenKey, Map<String, String> renamed) {
    this.table = table;
    this.keepsHiddenKey = segment.hiddenKey() && keepsHiddenKey && key().hidden();
    Set<String> used = new HashSet<>();
    for (int i = 0; i < segment.columns().size(); i++) {
      String archived = segment.columns().get(i).name();
      if (i == 0 && segment.hiddenKey()) {
        if (this.keepsHiddenKey) {
          add(key().columns().get(0), i);
        }
        continue;
      }
      String name = renamed.getOrDefault(archived, archived);
      if (!name.isEmpty() && table.column(name).filter(Column::archived).isPresent()) {
        add(name, i);
        used.add(name);
      } else if (!name.isEmpty()) {
        notes.add(
            "column "
                + archived
                + " of the archive has no place in "
                + table.name()
                + " now: its values stay in the archive only (--map "
                + archived
                + "=OTHER gives it one)");
      }
    }
    noteNew(used);
    requireKey();
  }

  private void add(String column, int position) {
    columns.add(column);
    positions.add(position);
  }

  private Key key() {
    return table.key().orElseThrow();
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

  /** Whether rows can be looked up by their key. */
  boolean keyed() {
    return !key().hidden() || keepsHiddenKey;
  }

  /** The columns to insert. */
  List<String> columns() {
    return List.copyOf(columns);
  }

  /** What the user should know. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The first place that a digest covers: all but a hidden key. */
  int digestFrom() {
    return keepsHiddenKey ? 1 : 0;
  }

  /** The items of a live row that compare with {@link #pick}, from {@link #digestFrom}. */
  List<Item> items() {
    return columns.stream().skip(digestFrom()).<Item>map(Item.OfColumn::new).toList();
  }

  /** The values to insert of an archived row. */
  Row pick(Row archived) {
    Row row = new Row(columns.size());
    for (int i = 0; i < columns.size(); i++) {
      row.set(i, archived, positions.get(i));
    }
    return row;
  }

  /** The key of a row of {@link #pick}. */
  Row keyOf(Row picked) {
    List<String> names = key().columns();
    Row found = new Row(names.size());
    for (int i = 0; i < names.size(); i++) {
      found.set(i, picked, columns.indexOf(names.get(i)));
    }
    return found;
  }
}

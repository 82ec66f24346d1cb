package io.tideline.query;

import io.tideline.archive.ArchiveView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The SELECT behind a view: one branch for each group of segments that are alike. */
final class ViewSql {
  /** The names of the columns of {@link #withPlaces}. */
  static final String SEGMENT = "_tideline_segment";

  static final String ROW = "_tideline_row";

  private static final String TEXT = "VARCHAR";

  private final List<Group> groups;
  private final Map<String, Shown> columns = new LinkedHashMap<>();

  private record Shown(String name, String type) {}

  private ViewSql(List<Group> groups) {
    this.groups = groups;
    List<Group> newestFirst = new ArrayList<>(groups);
    Collections.reverse(newestFirst);
    for (Group group : newestFirst) {
      group
          .columns()
          .forEach(
              column ->
                  columns.merge(
                      fold(column.name()),
                      new Shown(column.name(), column.type()),
                      (one, other) ->
                          one.type().equals(other.type()) ? one : new Shown(one.name(), TEXT)));
    }
  }

  /**
   * The view's SELECT.
   *
   * @param first the number of its first segment among all
   */
  static String of(ArchiveView view, int first) {
    return new ViewSql(Group.of(view, first)).select(false);
  }

  /**
   * The view's SELECT with two columns more: the segment's position in the view, and the row's in
   * it.
   */
  static String withPlaces(ArchiveView view) {
    return new ViewSql(Group.of(view, 0)).select(true);
  }

  private String select(boolean places) {
    List<String> branches = new ArrayList<>();
    for (Group group : groups) {
      List<String> items = new ArrayList<>();
      Map<String, Group.Shape> own = new LinkedHashMap<>();
      group.columns().forEach(column -> own.put(fold(column.name()), column));
      columns.forEach((key, shown) -> items.add(item(own.get(key), shown)));
      items.add(group.outcome() + " AS " + extra("_outcome"));
      items.add(group.run() + " AS " + extra("_run"));
      items.add(group.sealedAt() + " AS " + extra("_archived_at"));
      if (places) {
        items.add(group.number() + " AS " + SEGMENT);
        items.add(group.ordinal() + " AS " + ROW);
      }
      branches.add("SELECT " + String.join(",\n  ", items) + "\n" + group.from());
    }
    return String.join("\nUNION ALL\n", branches);
  }

  private static String item(Group.@Nullable Shape column, Shown shown) {
    String value;
    if (column == null) {
      value = "CAST(NULL AS " + shown.type() + ")";
    } else {
      value = shown.type().equals(TEXT) ? column.text() : column.value();
    }
    return value + " AS " + Sql.quote(shown.name());
  }

  /** Our columns give way to the source's. */
  private String extra(String name) {
    String unique = name;
    while (columns.containsKey(fold(unique))) {
      unique = "_" + unique;
    }
    return Sql.quote(unique);
  }

  private static String fold(String name) {
    return name.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}

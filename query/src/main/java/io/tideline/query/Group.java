package io.tideline.query;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.ArchiveView.Segment;
import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Segments of one view with one format and one schema, read by one scan called {@code f}. */
final class Group {
  private record Likeness(String format, SegmentSchema schema, boolean hiddenKey) {}

  /**
   * A column as it comes out of a group.
   *
   * @param name its name in the file
   * @param type its type in the view, were there no other group
   * @param value its expression of that type
   * @param text its expression as text
   */
  record Shape(String name, String type, String value, String text) {}

  private final Likeness likeness;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Integer> numbers = new ArrayList<>();

  private Group(Likeness likeness) {
    this.likeness = likeness;
  }

  /** The groups of a view, the one with the newest segment last. */
  static List<Group> of(ArchiveView view, int first) {
    Map<Likeness, Group> groups = new LinkedHashMap<>();
    for (int i = 0; i < view.segments().size(); i++) {
      Segment segment = view.segments().get(i);
      Likeness likeness = new Likeness(segment.format(), segment.schema(), segment.hiddenKey());
      Group group = groups.remove(likeness);
      group = group == null ? new Group(likeness) : group;
      group.segments.add(segment);
      group.numbers.add(first + i);
      groups.put(likeness, group);
    }
    return List.copyOf(groups.values());
  }

  List<Shape> columns() {
    List<Shape> shapes = new ArrayList<>();
    List<String> names = likeness.schema().fileNames();
    for (int i = likeness.hiddenKey() ? 1 : 0; i < names.size(); i++) {
      shapes.add(shape(names.get(i), likeness.schema().columns().get(i)));
    }
    return shapes;
  }

  private Shape shape(String name, SegmentColumn column) {
    String raw = "f." + Sql.quote(name);
    String value = scan().value(raw, column.type());
    String text = Types.text(value, column.type());
    if (segments.stream().allMatch(s -> s.exceptions().getOrDefault(column.name(), 0L) == 0)) {
      return new Shape(name, Types.name(column.type()), value, text);
    }
    String pointer = "/" + column.name().replace("~", "~0").replace("/", "~1");
    String exact =
        "_tideline.exact_text(f."
            + Sql.quote(likeness.schema().exactColumn())
            + ", "
            + Sql.literal(pointer)
            + ")";
    String all = "COALESCE(" + text + ", " + exact + ")";
    return new Shape(name, "VARCHAR", all, all);
  }

  private Scan scan() {
    return Scan.of(likeness.format(), likeness.schema());
  }

  /** The scan, joined to the marks that any of its rows has, without the hidden rows. */
  String from() {
    StringBuilder from = new StringBuilder("FROM ");
    from.append(scan().from(segments)).append(" AS f");
    boolean hides = segments.stream().anyMatch(s -> !s.hidden().isEmpty());
    if (hides) {
      from.append(join("h", Marks.HIDDEN));
    }
    int i = 0;
    for (String outcome : outcomes()) {
      from.append(join("o" + i++, outcome));
    }
    return hides ? from.append("\nWHERE NOT ").append(marked("h")).toString() : from.toString();
  }

  private String join(String alias, String mark) {
    return """

        LEFT JOIN _tideline.marks AS %s
          ON %1$s.mark = %s AND %1$s.segment = %s AND %1$s.block = %s // %s"""
        .formatted(alias, Sql.literal(mark), number(), scan().ordinal(), Marks.BLOCK);
  }

  private String marked(String alias) {
    return "(%1$s.bits IS NOT NULL AND get_bit(%1$s.bits, CAST(%2$s %% %3$s AS INTEGER)) = 1)"
        .formatted(alias, scan().ordinal(), Marks.BLOCK);
  }

  private SortedSet<String> outcomes() {
    SortedSet<String> names = new TreeSet<>();
    segments.forEach(
        s -> s.outcomes().forEach((name, rows) -> addUnlessEmpty(names, name, rows.isEmpty())));
    return names;
  }

  private static void addUnlessEmpty(SortedSet<String> names, String name, boolean empty) {
    if (!empty) {
      names.add(name);
    }
  }

  String outcome() {
    StringBuilder outcome = new StringBuilder("CASE");
    int i = 0;
    for (String name : outcomes()) {
      outcome.append(" WHEN ").append(marked("o" + i++)).append(" THEN ").append(Sql.literal(name));
    }
    return i == 0 ? "'deleted'" : outcome.append(" ELSE 'deleted' END").toString();
  }

  /** The position of a row's segment in the view. */
  String number() {
    return ofFile(numbers.stream().map(String::valueOf).toList());
  }

  /** The position of a row in its segment. */
  String ordinal() {
    return scan().ordinal();
  }

  String run() {
    return ofFile(segments.stream().map(s -> Sql.literal(s.run())).toList());
  }

  String sealedAt() {
    return ofFile(
        segments.stream()
            .map(s -> "CAST(" + Sql.literal(s.sealedAt().toString()) + " AS TIMESTAMPTZ)")
            .toList());
  }

  /** What belongs to the file that a row comes from, one expression for each file. */
  private static String ofFile(List<String> each) {
    return each.size() == 1 ? each.get(0) : Sql.list(each) + "[CAST(f.file_index AS BIGINT) + 1]";
  }
}

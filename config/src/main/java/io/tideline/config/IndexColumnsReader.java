package io.tideline.config;

import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexColumn.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads what an index is ordered by, each a name, {@code name desc}, or a mapping. */
final class IndexColumnsReader {
  private static final Pattern ORDERED = Pattern.compile("(?is)(.*\\S)\\s+(asc|desc)");
  private static final String EXAMPLE = "columns: [user_id, created_at desc]";

  private final Reading reading;
  private final String collation;

  /**
   * @param collation that of columns that name none
   */
  IndexColumnsReader(Reading reading, String collation) {
    this.reading = reading;
    this.collation = collation;
  }

  /** The columns; empty, with problems noted, if one is wrong or there are none. */
  Optional<List<IndexColumn>> read(Entries entries, boolean absent) {
    Optional<Node> node = entries.value("columns");
    if (node.isEmpty() && absent) {
      return Optional.of(List.of());
    }
    if (node.isEmpty()) {
      reading.problem(
          entries.node(), entries.label("columns") + " is missing.", "Add '" + EXAMPLE + "'.");
      return Optional.empty();
    }
    List<? extends Node> items =
        node.get() instanceof SequenceNode list ? list.getValue() : List.of(node.get());
    List<IndexColumn> columns = new ArrayList<>();
    for (Node item : items) {
      column(item, entries.label("columns")).ifPresent(columns::add);
    }
    if (items.isEmpty()) {
      reading.problem(
          node.get(), entries.label("columns") + " is empty.", "Write '" + EXAMPLE + "'.");
    }
    return !items.isEmpty() && columns.size() == items.size()
        ? Optional.of(columns)
        : Optional.empty();
  }

  private Optional<IndexColumn> column(Node node, String label) {
    return node instanceof MappingNode
        ? Entries.of(node, "an entry of " + label, Keys.INDEX_COLUMN, reading)
            .flatMap(this::mapping)
        : reading.scalar(node, label).flatMap(this::plain);
  }

  private Optional<IndexColumn> plain(Scalar scalar) {
    Matcher ordered = ORDERED.matcher(scalar.value());
    boolean matches = ordered.matches();
    String name = matches ? ordered.group(1) : scalar.value();
    boolean descending = matches && ordered.group(2).equalsIgnoreCase("desc");
    return made(scalar.node(), name, "", descending, Nulls.USUAL, collation, "");
  }

  private Optional<IndexColumn> mapping(Entries entries) {
    String column = text(entries, "column");
    String sql = text(entries, "sql");
    if (column.isEmpty() == sql.isEmpty()) {
      reading.problem(
          entries.node(),
          "A column of an index is named by either 'column' or 'sql'.",
          "Write 'column: name', or 'sql: lower(name)'.");
      return Optional.empty();
    }
    boolean descending = word(entries, "order", List.of("asc", "desc")).equals("desc");
    String nulls = word(entries, "nulls", List.of("first", "last"));
    String own = text(entries, "collation");
    return made(
        entries.node(),
        column,
        sql,
        descending,
        nulls.isEmpty() ? Nulls.USUAL : Nulls.valueOf(nulls.toUpperCase(Locale.ROOT)),
        own.isEmpty() ? collation : own,
        text(entries, "operators"));
  }

  private String word(Entries entries, String key, List<String> words) {
    return entries.scalar(key).flatMap(s -> reading.oneOf(s, entries.label(key), words)).orElse("");
  }

  private static String text(Entries entries, String key) {
    return entries.scalar(key).map(Scalar::value).orElse("");
  }

  private Optional<IndexColumn> made(
      Node node,
      String column,
      String sql,
      boolean descending,
      Nulls nulls,
      String by,
      String operators) {
    try {
      return Optional.of(new IndexColumn(column, sql, descending, nulls, by, operators));
    } catch (IllegalArgumentException e) {
      reading.problem(node, e.getMessage() + ".", "Write one name.");
    } catch (TidelineException e) {
      reading.problem(node, e.what(), e.mend());
    }
    return Optional.empty();
  }
}

package io.tideline.maintenance.advise;

import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import java.util.stream.Collectors;

/** An index as the configuration declares it, to be pasted below {@code indexes:}. */
final class Entry {
  private Entry() {}

  static String of(IndexSpec index) {
    StringBuilder lines = new StringBuilder();
    lines.append("  ").append(scalar(index.name())).append(":\n");
    lines.append("    table: ").append(scalar(index.table())).append('\n');
    lines
        .append("    columns: ")
        .append(
            index.columns().stream().map(Entry::column).collect(Collectors.joining(", ", "[", "]")))
        .append('\n');
    if (!index.where().isEmpty()) {
      lines.append("    where: ").append(quoted(index.where())).append('\n');
    }
    return lines.toString();
  }

  private static String column(IndexColumn column) {
    if (column.isExpression()) {
      return "{sql: "
          + quoted(column.expression())
          + (column.descending() ? ", order: desc" : "")
          + "}";
    }
    return plain(column.column())
        ? column.column() + (column.descending() ? " desc" : "")
        : "{column: "
            + quoted(column.column())
            + (column.descending() ? ", order: desc" : "")
            + "}";
  }

  private static String scalar(String text) {
    return plain(text) ? text : quoted(text);
  }

  /** Words that YAML takes for something else are quoted too. */
  private static boolean plain(String text) {
    return text.matches("[A-Za-z_][A-Za-z0-9_]*")
        && !text.matches("(?i)true|false|yes|no|on|off|null|y|n");
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}

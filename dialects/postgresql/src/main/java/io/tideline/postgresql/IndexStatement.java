package io.tideline.postgresql;

import io.tideline.catalogue.Table;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexColumn.Nulls;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.SqlName;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The statement that makes a declared index. */
final class IndexStatement {
  /** NAMEDATALEN less its end. */
  private static final int LONGEST_NAME = 63;

  private IndexStatement() {}

  /**
   * The statement.
   *
   * @param how {@code CONCURRENTLY} or nothing
   * @param on the table, quoted, perhaps with {@code ONLY}
   */
  static String of(IndexSpec spec, Table table, String how, String name, String on) {
    return "CREATE "
        + (spec.unique() ? "UNIQUE " : "")
        + "INDEX "
        + (how.isEmpty() ? "" : how + " ")
        + Sql.quote(name)
        + " ON "
        + on
        + (spec.method().isEmpty() ? "" : " USING " + qualified(spec.method()))
        + " ("
        + Sql.list(spec.columns(), each -> part(each, table))
        + ")"
        + (spec.include().isEmpty()
            ? ""
            : " INCLUDE ("
                + Sql.list(spec.include(), each -> Sql.quote(Names.column(table, each)))
                + ")")
        + (spec.where().isEmpty() ? "" : " WHERE (" + spec.where() + ")");
  }

  private static String part(IndexColumn column, Table table) {
    return (column.isExpression()
            ? "(" + column.expression() + ")"
            : Sql.quote(Names.column(table, column.column())))
        + (column.collation().isEmpty() ? "" : " COLLATE " + qualified(column.collation()))
        + (column.operators().isEmpty() ? "" : " " + qualified(column.operators()))
        + (column.descending() ? " DESC" : "")
        + (column.nulls() == Nulls.USUAL ? "" : " NULLS " + column.nulls().name());
  }

  /** A name with its schema, each part as spelt. */
  static String qualified(String name) {
    return String.join(".", SqlName.parts(name).stream().map(Sql::quote).toList());
  }

  /** A name that the server does not cut: what is too long ends with a digest of all of it. */
  static String cut(String name) {
    if (bytes(name) <= LONGEST_NAME) {
      return name;
    }
    String end = String.format(Locale.ROOT, "_%x", name.hashCode());
    int to = name.length();
    while (bytes(name.substring(0, to)) > LONGEST_NAME - end.length()
        || Character.isHighSurrogate(name.charAt(to - 1))) {
      to--;
    }
    return name.substring(0, to) + end;
  }

  /** Whether the server would cut it. */
  static boolean tooLong(String name) {
    return bytes(name) > LONGEST_NAME;
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** The columns that an index holds, as the catalogue spells them. */
  static List<String> columns(IndexSpec spec, Table table) {
    return Stream.concat(
            spec.columns().stream().filter(each -> !each.isExpression()).map(IndexColumn::column),
            spec.include().stream())
        .map(each -> Names.column(table, each))
        .toList();
  }
}

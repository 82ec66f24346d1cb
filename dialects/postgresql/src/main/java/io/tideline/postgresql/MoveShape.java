package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a table that is moved, its key and what hangs on it, as SQL.
 *
 * @param columns the columns that are written, without generated ones
 * @param all all columns
 * @param key the columns of the primary key of the plain table, in order
 * @param types the types of those
 * @param indexes its indexes, the primary key's first, then in order of name
 */
record MoveShape(
    List<String> columns,
    List<String> all,
    List<String> key,
    List<String> types,
    List<IndexText> indexes) {
  private static final String COLUMNS =
      """
      SELECT a.attname, a.attgenerated <> '' AS generated FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""";

  private static final String KEY =
      """
      SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
      FROM pg_catalog.pg_index i
      CROSS JOIN LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k(num, at)
      JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.num
      WHERE i.indrelid = %s AND i.indisprimary AND k.at <= i.indnkeyatts ORDER BY k.at""";

  private static final String INDEXES =
      """
      SELECT c.relname, i.indisprimary, pg_catalog.pg_get_indexdef(i.indexrelid) AS text,
        pg_catalog.format('INDEX %%I ON %%I.%%I USING ', c.relname, n.nspname, t.relname) AS head
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
      WHERE i.indrelid = %s ORDER BY i.indisprimary DESC, c.relname COLLATE "C\"""";

  /**
   * An index.
   *
   * @param name its name
   * @param primary whether it is the primary key's
   * @param rest its definition from the method on; empty if the server writes it otherwise
   */
  record IndexText(String name, boolean primary, String rest) {}

  static MoveShape read(Session session, long table) throws SQLException {
    List<String> columns = new ArrayList<>();
    List<String> all = new ArrayList<>();
    List<String> key = new ArrayList<>();
    List<String> types = new ArrayList<>();
    List<IndexText> indexes = new ArrayList<>();
    String oid = Long.toString(table);
    try (Statement statement = session.statement()) {
      try (ResultSet row = statement.executeQuery(COLUMNS.formatted(oid))) {
        while (row.next()) {
          all.add(row.getString(1));
          if (!row.getBoolean(2)) {
            columns.add(row.getString(1));
          }
        }
      }
      try (ResultSet row = statement.executeQuery(KEY.formatted(oid))) {
        while (row.next()) {
          key.add(row.getString(1));
          types.add(row.getString(2));
        }
      }
      try (ResultSet row = statement.executeQuery(INDEXES.formatted(oid))) {
        while (row.next()) {
          String text = row.getString("text");
          int head = text.indexOf(row.getString("head"));
          String rest = head < 0 ? "" : text.substring(head + row.getString("head").length() - 6);
          indexes.add(new IndexText(row.getString(1), row.getBoolean(2), rest));
        }
      }
    }
    return new MoveShape(columns, all, key, types, indexes);
  }

  /** The written columns, of a table by an alias. */
  String columns(String alias) {
    return Sql.list(columns, each -> alias + "." + Sql.quote(each));
  }

  /** The written columns. */
  String names() {
    return Sql.list(columns, Sql::quote);
  }

  /** The key columns of a table by an alias. */
  String key(String alias) {
    return Sql.list(key, each -> alias + "." + Sql.quote(each));
  }

  /** The key as columns {@code k0}, {@code k1} and so on. */
  String keyAs(String alias) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      parts.add(alias + "." + Sql.quote(key.get(i)) + " AS k" + i);
    }
    return String.join(", ", parts);
  }

  /** The columns of the log. */
  String logged(String alias) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      parts.add((alias.isEmpty() ? "" : alias + ".") + "k" + i);
    }
    return String.join(", ", parts);
  }

  /** That the key of a row is that of a line of the log, or of another row with such columns. */
  String keyIs(String alias, String logged) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      parts.add(alias + "." + Sql.quote(key.get(i)) + " = " + logged + ".k" + i);
    }
    return String.join(" AND ", parts);
  }

  /** That two rows with columns {@code k0} and so on have the same key. */
  String same(String one, String other) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      parts.add(one + ".k" + i + " = " + other + ".k" + i);
    }
    return String.join(" AND ", parts);
  }

  /** The key as an array of texts. */
  String keyText(String alias) {
    return "ARRAY["
        + Sql.list(key, each -> alias + "." + Sql.quote(each) + "::pg_catalog.text")
        + "]";
  }

  /** The key as a row, to be compared with a bound. */
  String keyRow(String alias) {
    return "(" + key(alias) + ")";
  }

  /** Parameters for a bound. */
  String bound() {
    return "(" + Sql.list(types, each -> "?::" + each) + ")";
  }

  /** Every value of a row, in one text that differs if any of them does. */
  String rowText(String alias) {
    return "ROW(" + Sql.list(all, each -> alias + "." + Sql.quote(each)) + ")::pg_catalog.text";
  }

  /** The columns of the primary key of the copy. */
  List<String> copyKey(String by) {
    List<String> columns = new ArrayList<>(key);
    if (!columns.contains(by)) {
      columns.add(by);
    }
    return columns;
  }

  /** Makes the indexes of a table on its partitioned copy, under other names. */
  List<String> indexStatements(MoveNames names, String by) {
    List<String> statements = new ArrayList<>();
    TableName copy = names.copy();
    for (int i = 0; i < indexes.size(); i++) {
      String name = Sql.quote(names.index(copy, i).name());
      statements.add(
          indexes.get(i).primary()
              ? "ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY (%s)"
                  .formatted(Sql.quote(copy), name, Sql.list(copyKey(by), Sql::quote))
              : "CREATE INDEX %s ON %s %s".formatted(name, Sql.quote(copy), indexes.get(i).rest()));
    }
    return statements;
  }
}

package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.Grant;
import io.tideline.dialect.Need;
import io.tideline.dialect.Right;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The statements that give a role its rights.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-grant.html">GRANT</a>
 */
final class Grants {
  private static final String HAS =
      """
      SELECT pg_catalog.has_table_privilege(c.oid, 'SELECT') AS "SELECT",
        pg_catalog.has_table_privilege(c.oid, 'INSERT') AS "INSERT",
        pg_catalog.has_table_privilege(c.oid, 'UPDATE') AS "UPDATE",
        pg_catalog.has_any_column_privilege(c.oid, 'UPDATE') AS "LOCK",
        pg_catalog.has_table_privilege(c.oid, 'DELETE') AS "DELETE"
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ?
      """;

  private static final String MAY_ENTER =
      """
      SELECT pg_catalog.has_schema_privilege(n.oid, 'USAGE') AS "USAGE",
        pg_catalog.has_schema_privilege(n.oid, 'CREATE') AS "CREATE"
      FROM pg_catalog.pg_namespace n WHERE n.nspname = ?
      """;

  private final Session session;
  private final List<Grant> grants = new ArrayList<>();

  private Grants(Session session) {
    this.session = session;
  }

  /** The statements for all needs. */
  static List<Grant> of(Session session, List<Need> needs) throws SQLException {
    Grants grants = new Grants(session);
    Map<String, TreeSet<String>> schemas = new LinkedHashMap<>();
    for (Need need : needs) {
      TreeSet<String> rights =
          schemas.computeIfAbsent(need.table().schema(), name -> new TreeSet<>());
      rights.add("USAGE");
      if (need.rights().contains(Right.CREATE)) {
        rights.add("CREATE");
      }
    }
    for (Map.Entry<String, TreeSet<String>> schema : schemas.entrySet()) {
      grants.ofSchema(schema.getKey(), schema.getValue());
    }
    for (Need need : needs) {
      grants.ofTable(need);
    }
    return grants.grants;
  }

  private void ofSchema(String schema, TreeSet<String> rights) throws SQLException {
    Split split = new Split();
    ask(
        MAY_ENTER,
        List.of(schema),
        row -> {
          for (String right : rights.descendingSet()) {
            split.add(right, row.getBoolean(right));
          }
        });
    split.grants(some -> schema(some, schema, session.role()));
  }

  private void ofTable(Need need) throws SQLException {
    Split split = new Split();
    ask(
        HAS,
        List.of(need.table().schema(), need.table().name()),
        row -> {
          for (Right right : need.rights()) {
            boolean twice = right == Right.LOCK && need.rights().contains(Right.UPDATE);
            if (right != Right.CREATE && !twice) {
              split.add(
                  right == Right.LOCK ? "UPDATE" : right.name(), row.getBoolean(right.name()));
            }
          }
        });
    split.grants(some -> table(some, need.table(), session.role()));
  }

  /** What takes the one row of an answer. */
  private interface Taker {
    void take(ResultSet row) throws SQLException;
  }

  private void ask(String sql, List<String> values, Taker taker) throws SQLException {
    try (PreparedStatement statement = session.connection().prepareStatement(sql)) {
      for (int i = 0; i < values.size(); i++) {
        statement.setString(i + 1, values.get(i));
      }
      try (ResultSet row = statement.executeQuery()) {
        if (row.next()) {
          taker.take(row);
        }
      }
    }
  }

  /** Rights that the role has, and rights that it lacks. */
  private final class Split {
    private final List<String> present = new ArrayList<>();
    private final List<String> missing = new ArrayList<>();

    void add(String right, boolean has) {
      (has ? present : missing).add(right);
    }

    void grants(java.util.function.UnaryOperator<String> statement) {
      if (!present.isEmpty()) {
        grants.add(new Grant(statement.apply(String.join(", ", present)), false));
      }
      if (!missing.isEmpty()) {
        grants.add(new Grant(statement.apply(String.join(", ", missing)), true));
      }
    }
  }

  /** Rights on a table. */
  static String table(String rights, TableName table, String role) {
    return "GRANT " + rights + " ON " + Sql.quote(table) + " TO " + Sql.quote(role) + ";";
  }

  /** Rights on a schema. */
  static String schema(String rights, String schema, String role) {
    return "GRANT " + rights + " ON SCHEMA " + Sql.quote(schema) + " TO " + Sql.quote(role) + ";";
  }

  /** A statement as the mend of a failure. */
  static String advice(String statement) {
    return "Run as its owner: " + statement + " `tideline grants` has all that the policies need.";
  }
}

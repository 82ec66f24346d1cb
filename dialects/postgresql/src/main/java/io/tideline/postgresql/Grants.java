package io.tideline.postgresql;

import io.tideline.catalogue.TableName;

/**
 * The statements that give a role its rights.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-grant.html">GRANT</a>
 */
final class Grants {
  private Grants() {}

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
    return "Run as its owner: " + statement;
  }
}

package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a new partition has of another, the newest of its siblings or else its table: owner, rights,
 * tablespace, access method, storage parameters, replica identity, persistence. Row-level security
 * is switched on, without policies, where the table or the sibling has it: then nobody but the
 * owner reads the partition itself, and the table's own policies hold for who reads the table.
 */
final class PartitionTemplate {
  private static final String READ =
      """
      SELECT t.relpersistence = 'u' AS unlogged, t.relreplident,
        pg_catalog.pg_get_userbyid(p.relowner) AS owner,
        p.relowner = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER) AS own,
        s.spcname, m.amname, t.reloptions, o.reloptions AS toast,
        p.relrowsecurity OR t.relrowsecurity AS secured,
        p.relforcerowsecurity OR t.relforcerowsecurity AS forced,
        COALESCE((SELECT CASE WHEN t.oid = p.oid THEN i.indexrelid ELSE h.inhparent END
         FROM pg_catalog.pg_index i
         LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
         WHERE i.indrelid = t.oid AND i.indisreplident), '0'::pg_catalog.oid) AS identity
      FROM pg_catalog.pg_class p
      JOIN pg_catalog.pg_class t ON t.oid = %2$s
      LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = t.reltablespace
      LEFT JOIN pg_catalog.pg_am m ON m.oid = t.relam
      LEFT JOIN pg_catalog.pg_class o ON o.oid = t.reltoastrelid
      WHERE p.oid = %1$s""";

  private final String parent;
  private final String model;
  private final boolean unlogged;
  private final String owner;
  private final boolean owned;
  private final String tablespace;
  private final String method;
  private final List<String> options;
  private final boolean secured;
  private final boolean forced;
  private final String replica;
  private final String identity;

  private PartitionTemplate(String parent, String model, ResultSet row) throws SQLException {
    this.parent = parent;
    this.model = model;
    unlogged = row.getBoolean("unlogged");
    owner = row.getString("owner");
    owned = row.getBoolean("own");
    tablespace = text(row.getString("spcname"));
    method = text(row.getString("amname"));
    options = new ArrayList<>(options("", row.getArray("reloptions")));
    options.addAll(options("toast.", row.getArray("toast")));
    secured = row.getBoolean("secured");
    forced = row.getBoolean("forced");
    replica = row.getString("relreplident");
    identity = row.getString("identity");
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<String> options(String prefix, @Nullable Array array) throws SQLException {
    List<String> options = new ArrayList<>();
    for (String each : array == null ? new String[0] : (String[]) array.getArray()) {
      int sign = each.indexOf('=');
      options.add(
          prefix
              + Sql.quote(each.substring(0, sign))
              + " = "
              + Sql.string(each.substring(sign + 1)));
    }
    return options;
  }

  /**
   * Reads it.
   *
   * @param model the oid of the sibling, or of the table itself
   */
  static PartitionTemplate read(Session session, String parent, String model) throws SQLException {
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(READ.formatted(parent, model))) {
      if (!row.next()) {
        throw new RefusedException("the table or its newest partition is gone", true);
      }
      return new PartitionTemplate(parent, model, row);
    }
  }

  /** Makes an empty table that is fit to be attached. */
  void create(Session session, TableName table, TableName name) throws SQLException {
    StringBuilder sql = new StringBuilder("CREATE ").append(unlogged ? "UNLOGGED " : "");
    sql.append("TABLE ").append(Sql.quote(name)).append(" (LIKE ").append(Sql.quote(table));
    // An identity is the table's: since PostgreSQL 17 one of a partition's own is refused.
    sql.append(" INCLUDING ALL EXCLUDING IDENTITY)");
    if (!method.isEmpty()) {
      sql.append(" USING ").append(Sql.quote(method));
    }
    if (!options.isEmpty()) {
      sql.append(" WITH (").append(String.join(", ", options)).append(')');
    }
    if (!tablespace.isEmpty()) {
      sql.append(" TABLESPACE ").append(Sql.quote(tablespace));
    }
    // Else the database's own, whatever the role's settings say.
    session.execute("SET LOCAL default_tablespace = ''; " + sql);
    String quoted = Sql.quote(name);
    if (!owned) {
      session.execute("ALTER TABLE " + quoted + " OWNER TO " + Sql.quote(owner));
    }
    if (secured) {
      session.execute("ALTER TABLE " + quoted + " ENABLE ROW LEVEL SECURITY");
    }
    if (forced) {
      session.execute("ALTER TABLE " + quoted + " FORCE ROW LEVEL SECURITY");
    }
    Privileges.copy(session, model, name, owner);
  }

  /** What can be said of it only once it is attached. */
  void finish(Session session, TableName name) throws SQLException {
    String alter = "ALTER TABLE " + Sql.quote(name) + " REPLICA IDENTITY ";
    switch (replica) {
      case "f" -> session.execute(alter + "FULL");
      case "n" -> session.execute(alter + "NOTHING");
      case "i" -> session.execute(alter + "USING INDEX " + Sql.quote(identityIndex(session, name)));
      default -> {}
    }
  }

  private String identityIndex(Session session, TableName name) throws SQLException {
    String index =
        session.text(
            """
            SELECT x.relname FROM pg_catalog.pg_inherits h
            JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid
            JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
            WHERE h.inhparent = %s AND i.indrelid = %s::pg_catalog.regclass"""
                .formatted(identity, Sql.string(Sql.quote(name))));
    if (index.isEmpty()) {
      throw new RefusedException(
          "the replica identity of "
              + (model.equals(parent) ? "the table" : "its newest partition")
              + " is an index that the table does not have",
          false);
    }
    return index;
  }
}

package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.RefusedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Rights on a table and its columns, and how another gets the same. */
final class Privileges {
  private static final String ALL =
      """
      SELECT '' AS column_name, x.grantee = 0 AS everybody,
        pg_catalog.pg_get_userbyid(x.grantee) AS grantee, x.privilege_type, x.is_grantable
      FROM pg_catalog.pg_class c CROSS JOIN LATERAL pg_catalog.aclexplode(
        COALESCE(c.relacl, pg_catalog.acldefault('r', c.relowner))) AS x
      WHERE c.oid = %1$s
      UNION ALL
      SELECT a.attname, x.grantee = 0, pg_catalog.pg_get_userbyid(x.grantee), x.privilege_type,
        x.is_grantable
      FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) AS x
      WHERE a.attrelid = %1$s AND a.attnum > 0 AND NOT a.attisdropped""";

  private record Right(String column, String grantee, String privilege, boolean grantable) {
    String text() {
      return column + "|" + grantee + "|" + privilege + "|" + grantable;
    }
  }

  private Privileges() {}

  private static List<Right> read(Session session, String oid) throws SQLException {
    List<Right> rights = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(ALL.formatted(oid))) {
      while (row.next()) {
        rights.add(
            new Right(
                row.getString("column_name"),
                row.getBoolean("everybody") ? "PUBLIC" : Sql.quote(row.getString("grantee")),
                row.getString("privilege_type"),
                row.getBoolean("is_grantable")));
      }
    }
    return rights;
  }

  /** The rights on a table, as texts that are the same for the same rights. */
  static TreeSet<String> of(Session session, String oid) throws SQLException {
    TreeSet<String> texts = new TreeSet<>();
    read(session, oid).forEach(each -> texts.add(each.text()));
    return texts;
  }

  /**
   * Gives a table exactly the rights that are on another; default privileges may have given it
   * more.
   *
   * @param from the oid of the other
   * @param owner the owner of the table
   */
  static void copy(Session session, String from, TableName to, String owner) throws SQLException {
    String oid =
        session.text(
            "SELECT " + Sql.string(Sql.quote(to)) + "::pg_catalog.regclass::pg_catalog.oid");
    if (of(session, from).equals(of(session, oid))) {
      return;
    }
    String on = " ON " + Sql.quote(to);
    TreeSet<String> grantees = new TreeSet<>();
    read(session, oid).forEach(each -> grantees.add(each.grantee()));
    for (String each : grantees) {
      session.execute("REVOKE ALL PRIVILEGES" + on + " FROM " + each);
    }
    for (Right each : read(session, from)) {
      String column = each.column().isEmpty() ? "" : " (" + Sql.quote(each.column()) + ")";
      session.execute(
          "GRANT "
              + each.privilege()
              + column
              + on
              + " TO "
              + each.grantee()
              + (each.grantable() && !each.grantee().equals(Sql.quote(owner))
                  ? " WITH GRANT OPTION"
                  : ""));
    }
    if (!of(session, from).equals(of(session, oid))) {
      throw new RefusedException("the same rights could not be given to " + to, false);
    }
  }
}

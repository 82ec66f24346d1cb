package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.UnseenException;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Whether rows refer to rows that are there. */
final class ForeignKeyChecks {
  private static final String VIOLATED =
      """
      SELECT "table", parent, fkid, count(*) FROM pragma_foreign_key_check(?, 'main')
      GROUP BY "table", parent, fkid ORDER BY 1, 2, 3""";
  private static final String KEY =
      """
      SELECT "from", "to" FROM pragma_foreign_key_list(?, 'main') WHERE id = CAST(? AS INTEGER)
      ORDER BY seq""";
  private static final String PRIMARY =
      """
      SELECT name FROM pragma_table_xinfo(?, 'main') WHERE pk > 0 ORDER BY pk""";

  private static final String CHILDREN =
      """
      SELECT DISTINCT t.name
      FROM pragma_table_list AS t, pragma_foreign_key_list(t.name, 'main') AS f
      WHERE t.schema = 'main' AND t.type = 'table' ORDER BY t.name""";

  private static final String TO =
      """
      SELECT f.id, f."table", group_concat(f."to", char(10)), count(*) FROM
        (SELECT * FROM pragma_foreign_key_list(?, 'main') ORDER BY id, seq) AS f
      GROUP BY f.id ORDER BY f.id""";
  private static final String COLUMN =
      """
      SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1""";

  private static final String TABLE =
      """
      SELECT 1 FROM pragma_table_list
      WHERE schema = 'main' AND type = 'table' AND name = ? COLLATE NOCASE""";

  private static final String UNIQUE =
      """
      SELECT i.name, x.name FROM pragma_index_list(?, 'main') AS i, pragma_index_info(i.name, 'main') AS x
      WHERE i."unique" AND NOT i.partial""";

  /** SQLite names both tables, and nothing else tells which foreign key it means. */
  private static final Pattern MISMATCH =
      Pattern.compile("foreign key mismatch - \"(.*)\" referencing \"(.*)\"", Pattern.DOTALL);

  private final Watched watched;
  private final SqliteExaminer examiner;

  ForeignKeyChecks(Watched watched, SqliteExaminer examiner) {
    this.watched = watched;
    this.examiner = examiner;
  }

  /** Every row that refers is looked at, so a large file is only read when that was asked for. */
  List<Finding> look() {
    if (!examiner.whole() && !examiner.foreignKeys().isEmpty()) {
      throw new UnseenException(
          "the file is larger than "
              + Figures.bytes(TreeSizes.SMALL)
              + "; --exact looks at every row");
    }
    return watched.ask(
        session -> {
          List<Finding> findings = new ArrayList<>();
          for (String[] child : session.strings(CHILDREN)) {
            findings.addAll(ofTable(session, child[0]));
          }
          return findings;
        });
  }

  private static List<Finding> ofTable(Session session, String child) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    try {
      for (String[] row : session.strings(VIOLATED, child)) {
        findings.add(violated(session, row));
      }
    } catch (SQLException e) {
      Matcher mismatch = MISMATCH.matcher(Failures.reason(e));
      if (!mismatch.matches()) {
        throw e;
      }
      for (String parent : misfits(session, child, mismatch.group(2).replace("\"\"", "\""))) {
        findings.add(mismatch(session, child, parent));
      }
    }
    return findings;
  }

  /** SQLite names but the first that does not fit. */
  private static Collection<String> misfits(Session session, String child, String first)
      throws SQLException {
    Map<String, String> parents = new LinkedHashMap<>();
    parents.put(Names.fold(first), first);
    for (String[] key : session.strings(TO, child)) {
      boolean fits =
          key[2] == null
              ? primaryKey(session, key[1]).size() == Integer.parseInt(key[3])
              : unfit(session, child, key[1]).isEmpty();
      if (!fits && !session.strings(COLUMN, key[1]).isEmpty()) {
        parents.putIfAbsent(Names.fold(key[1]), key[1]);
      }
    }
    return parents.values();
  }

  private static Finding mismatch(Session session, String child, String parent)
      throws SQLException {
    Finding finding =
        Finding.of(
            Check.FOREIGN_KEY_MISMATCH,
            Severity.WARNING,
            child,
            "a foreign key to "
                + parent
                + " fits no primary key and no unique index there; the rows of "
                + child
                + " were not looked at");
    if (session.strings(TABLE, parent).isEmpty()) {
      return finding; // a view can have no index
    }
    List<Remedy> remedies = new ArrayList<>();
    for (List<String> columns : unfit(session, child, parent)) {
      remedies.add(
          Remedy.sql(
              unique(session, parent, columns),
              "refused where rows repeat; or let the foreign key name the parent's own key"));
    }
    return finding.mend(remedies.toArray(Remedy[]::new));
  }

  /** The columns that foreign keys name of a table, where no key is over just these. */
  private static List<List<String>> unfit(Session session, String child, String parent)
      throws SQLException {
    List<String> there =
        session.strings(COLUMN, parent).stream().map(row -> Names.fold(row[0])).toList();
    Set<Set<String>> keys = keys(session, parent);
    List<List<String>> unfit = new ArrayList<>();
    for (String[] key : session.strings(TO, child)) {
      List<String> columns = key[2] == null ? List.of() : List.of(key[2].split("\n"));
      List<String> folded = columns.stream().map(Names::fold).toList();
      boolean missing =
          !columns.isEmpty() && there.containsAll(folded) && !keys.contains(Set.copyOf(folded));
      if (missing && Names.fold(key[1]).equals(Names.fold(parent)) && !unfit.contains(columns)) {
        unfit.add(columns);
      }
    }
    return unfit;
  }

  private static Set<Set<String>> keys(Session session, String table) throws SQLException {
    Map<String, Set<String>> keys = new HashMap<>();
    for (String[] row : session.strings(UNIQUE, table)) {
      if (row[1] != null) {
        keys.computeIfAbsent(row[0], unused -> new HashSet<>()).add(Names.fold(row[1]));
      }
    }
    Set<Set<String>> all = new HashSet<>(keys.values());
    all.add(primaryKey(session, table).stream().map(Names::fold).collect(Collectors.toSet()));
    return all;
  }

  private static String unique(Session session, String table, List<String> columns)
      throws SQLException {
    String name = "ux_" + table + "_" + String.join("_", columns);
    return "CREATE UNIQUE INDEX "
        + Sql.quote(IndexText.freeName(session, name))
        + " ON "
        + quote(table)
        + " ("
        + columns.stream().map(Sql::quote).collect(Collectors.joining(", "))
        + ");";
  }

  private static Finding violated(Session session, String[] row) throws SQLException {
    String child = row[0];
    String parent = row[1];
    Finding finding =
        Finding.of(
            Check.FOREIGN_KEY_VIOLATED,
            Severity.WARNING,
            child,
            Figures.count(Long.parseLong(row[3]), "row")
                + " refer to rows of "
                + parent
                + " that are not there");
    List<String> to = primaryKey(session, parent);
    if (to.isEmpty()) {
      return finding; // without the table there is nothing to compare with
    }
    String orphans = orphans(session, child, parent, row[2], to);
    return finding.mend(
        Remedy.sql("SELECT * FROM " + orphans + ";", "look at them first, and keep a copy"),
        Remedy.sql(
            "DELETE FROM " + orphans + ";",
            "or insert the rows they refer to. Connections that set PRAGMA foreign_keys = ON let no"
                + " such row in"));
  }

  private static List<String> primaryKey(Session session, String table) throws SQLException {
    return session.strings(PRIMARY, table).stream().map(column -> column[0]).toList();
  }

  private static String orphans(
      Session session, String child, String parent, String id, List<String> primary)
      throws SQLException {
    String from = quote(child);
    String there = Sql.quote(child + "'s");
    List<String> present = new ArrayList<>();
    List<String> same = new ArrayList<>();
    int i = 0;
    for (String[] column : session.strings(KEY, child, id)) {
      String to = column[1] != null ? column[1] : primary.get(Math.min(i, primary.size() - 1));
      String own = from + "." + Sql.quote(column[0]);
      present.add(own + " IS NOT NULL");
      same.add(there + "." + Sql.quote(to) + " = " + own);
      i++;
    }
    return "%s WHERE %s AND NOT EXISTS (SELECT 1 FROM %s AS %s WHERE %s)"
        .formatted(
            from, String.join(" AND ", present), quote(parent), there, String.join(" AND ", same));
  }

  private static String quote(String table) {
    return Sql.quote(new TableName(CatalogueReader.SCHEMA, table).name());
  }
}

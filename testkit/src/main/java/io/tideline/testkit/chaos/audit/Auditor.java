package io.tideline.testkit.chaos.audit;

import static io.tideline.testkit.TestDatabase.quote;

import io.tideline.testkit.Product;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks for each row ever written where it must be, when nobody works any more. */
public final class Auditor {
  private final TestDatabase database;
  private final List<Table> tables;
  private final Rules rules;
  private final List<String> findings = new ArrayList<>();
  private long rows;

  /**
   * What may have become of rows.
   *
   * @param mayVanish whether expired rows go without a copy
   * @param cutoffMillis the latest cutoff of all runs: a tree whose root was never older stays
   * @param restored whether there were restores, which may bring back what the application deleted
   */
  public record Rules(boolean mayVanish, long cutoffMillis, boolean restored) {}

  /**
   * What it found.
   *
   * @param rows how many rows it looked for
   * @param findings what is wrong, one sentence each; empty if all is well
   */
  public record Report(long rows, List<String> findings) {
    /** Copies the list. */
    public Report {
      findings = List.copyOf(findings);
    }
  }

  private Auditor(TestDatabase database, List<Table> tables, Rules rules) {
    this.database = database;
    this.tables = tables;
    this.rules = rules;
  }

  /**
   * Looks for every row.
   *
   * @param tables parents before those that refer to them; the first has the roots
   */
  public static Report audit(
      TestDatabase database, List<Table> tables, Book book, ArchiveFolder archive, Rules rules) {
    Auditor auditor = new Auditor(database, tables, rules);
    auditor.findings.addAll(archive.problems());
    try (Connection connection = database.connect()) {
      for (Table table : tables) {
        auditor.rows(connection, table, book, archive);
      }
      auditor.references(connection);
    } catch (SQLException | IOException e) {
      throw new IllegalStateException("Cannot audit: " + e.getMessage(), e);
    }
    return new Report(auditor.rows, auditor.findings);
  }

  private void rows(Connection connection, Table table, Book book, ArchiveFolder archive)
      throws SQLException, IOException {
    LiveRows reader = new LiveRows(database.product());
    Map<String, List<String>> live = reader.all(connection, table, table.name());
    Map<String, List<String>> away = new TreeMap<>(archive.rows(table.name()));
    if (exists(connection, table.archiveTable())) {
      reader
          .all(connection, table, table.archiveTable())
          .forEach((key, moved) -> away.merge(key, moved, Auditor::both));
    }
    Map<String, Book.Entry> known = book.of(table.name());
    Map<String, Book.Entry> roots = book.of(tables.get(0).name());
    TreeSet<String> keys = new TreeSet<>(known.keySet());
    keys.addAll(live.keySet());
    keys.addAll(away.keySet());
    for (String key : keys) {
      rows++;
      Optional<String> wrong =
          Optional.ofNullable(known.get(key))
              .map(
                  entry ->
                      judge(
                          entry,
                          roots.get(entry.root()),
                          live.getOrDefault(key, List.of()),
                          away.getOrDefault(key, List.of())))
              .orElse(Optional.of("was never written"));
      wrong.ifPresent(what -> findings.add(table.name() + " " + key + " " + what));
    }
  }

  private static List<String> both(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }

  /** What is wrong with a row; empty if nothing is. */
  private Optional<String> judge(
      Book.Entry entry, Book.Entry root, List<String> live, List<String> away) {
    int places = live.size() + away.size();
    boolean expirable = root != null && root.everBefore(rules.cutoffMillis());
    if (places > 1) {
      return Optional.of(
          "is there " + places + " times: live " + live.size() + ", away " + away.size());
    }
    if (places == 0) {
      boolean allowed = entry.perhapsAbsent() || rules.mayVanish() && expirable;
      return allowed ? Optional.empty() : Optional.of("is lost");
    }
    if (entry.deleted() && !live.isEmpty() && !rules.restored()) {
      return Optional.of("is live though the application deleted it");
    }
    if (!away.isEmpty() && !expirable) {
      return Optional.of("was taken away though its root never expired");
    }
    String text = both(live, away).get(0);
    return entry.mayBe(text)
        ? Optional.empty()
        : Optional.of((live.isEmpty() ? "is away" : "is live") + " with other values: " + text);
  }

  private boolean exists(Connection connection, String table) throws SQLException {
    String sql =
        database.product() == Product.SQLITE
            ? "SELECT count(*) FROM sqlite_schema WHERE name = '" + table + "'"
            : "SELECT count(*) FROM pg_class WHERE relname = '" + table + "'";
    return !TestDatabase.query(connection, sql).get(0).equals("0");
  }

  private void references(Connection connection) throws SQLException {
    if (database.product() == Product.SQLITE) {
      TestDatabase.query(connection, "PRAGMA foreign_key_check")
          .forEach(table -> findings.add("a reference of " + table + " leads nowhere"));
      TestDatabase.query(connection, "PRAGMA integrity_check").stream()
          .filter(answer -> !answer.equals("ok"))
          .forEach(findings::add);
      return;
    }
    for (Table table : tables) {
      if (table.parent().isPresent()) {
        String sql =
            "SELECT c.%1$s FROM %2$s c WHERE c.%3$s IS NOT NULL AND NOT EXISTS"
                    .formatted(quote(table.key()), quote(table.name()), quote(table.reference()))
                + " (SELECT FROM %s p WHERE p.%s = c.%s)"
                    .formatted(quote(table.parent().get()), quote("id"), quote(table.reference()));
        TestDatabase.query(connection, sql)
            .forEach(key -> findings.add("the reference of " + table.name() + " leads nowhere"));
      }
    }
  }
}

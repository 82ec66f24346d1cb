package io.tideline.store.migrate;

import java.sql.SQLException;
import java.util.List;

/**
 * Note whose rows are changed by others, and nothing else: they never change what is written, and
 * have no rule that a row could break.
 */
final class Triggers {
  private record Trigger(String name, String event, String ids) {}

  private static final List<Trigger> OLD =
      List.of(
          new Trigger("ti", "INSERT ON {ot}", "SELECT NEW.id"),
          new Trigger("tu", "UPDATE ON {ot}", "SELECT OLD.id UNION ALL SELECT NEW.id"),
          new Trigger("td", "DELETE ON {ot}", "SELECT OLD.id"),
          new Trigger("si", "INSERT ON {om}", "SELECT NEW.trace_id"),
          new Trigger("su", "UPDATE ON {om}", "SELECT OLD.trace_id UNION ALL SELECT NEW.trace_id"),
          new Trigger("sd", "DELETE ON {om}", "SELECT OLD.trace_id"));

  private static final List<Trigger> NEW =
      List.of(
          new Trigger("ti", "INSERT ON {nt}", "SELECT NEW.id"),
          new Trigger("tu", "UPDATE ON {nt}", "SELECT OLD.id UNION ALL SELECT NEW.id"),
          new Trigger("td", "DELETE ON {nt}", "SELECT OLD.id"),
          new Trigger("si", "INSERT ON {nm}", "SELECT id FROM {nt} WHERE seq = NEW.seq"),
          new Trigger(
              "su", "UPDATE ON {nm}", "SELECT id FROM {nt} WHERE seq IN (OLD.seq, NEW.seq)"),
          new Trigger("sd", "DELETE ON {nm}", "SELECT id FROM {nt} WHERE seq = OLD.seq"));

  private Triggers() {}

  static void onOld(Sql sql) throws SQLException {
    create(sql, OLD, Tables.BEFORE);
  }

  static void onNew(Sql sql) throws SQLException {
    create(sql, NEW, Tables.AFTER);
  }

  private static void create(Sql sql, List<Trigger> triggers, Tables tables) throws SQLException {
    for (Trigger each : triggers) {
      sql.update(
          tables.fill(
              "CREATE TRIGGER tideline_trace_migration_"
                  + each.name()
                  + " AFTER "
                  + each.event()
                  + " BEGIN INSERT INTO {log} (id) "
                  + each.ids()
                  + "; END"));
    }
  }

  static void drop(Sql sql) throws SQLException {
    for (Trigger each : OLD) {
      sql.update("DROP TRIGGER IF EXISTS tideline_trace_migration_" + each.name());
    }
  }
}

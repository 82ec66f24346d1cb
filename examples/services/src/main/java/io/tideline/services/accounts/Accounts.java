package io.tideline.services.accounts;

import com.google.gson.Gson;
import io.tideline.services.web.Refused;
import io.tideline.services.web.Times;
import io.tideline.store.Database;
import io.tideline.store.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The accounts, and which of them are pinned. */
final class Accounts {
  private static final Gson GSON = new Gson();
  private static final int DELETED_AT_ONCE = 500;

  private final Database database;

  /** Accounts in the order of their ids, and the ids that are pinned. */
  record Snapshot(List<Account> accounts, List<String> pinned) {
    /** Those that may serve: active, and pinned if any is. */
    List<String> pool() {
      return accounts.stream()
          .filter(account -> account.status() == Account.Status.ACTIVE)
          .map(Account::id)
          .filter(id -> pinned.isEmpty() || pinned.contains(id))
          .toList();
    }
  }

  Accounts(Database database) {
    this.database = database;
  }

  Snapshot snapshot() {
    return database.read(
        session ->
            new Snapshot(
                session.query(
                    "SELECT id, email, status, created_at FROM accounts ORDER BY id",
                    row ->
                        new Account(
                            row.getString("id"),
                            row.getString("email"),
                            Account.Status.of(row.getString("status")),
                            Times.read(row.getString("created_at")))),
                pinned(session)));
  }

  private static List<String> pinned(Session session) throws SQLException {
    Optional<String> json =
        session.first(
            "SELECT pinned_account_ids_json FROM dashboard_settings WHERE id = 1",
            row -> row.getString(1));
    return List.of(GSON.fromJson(json.orElse("[]"), String[].class));
  }

  /** Sets the state of an account that is not being deleted. */
  void become(String id, Account.Status status) {
    int changed =
        database.write(
            session ->
                session.update(
                    "UPDATE accounts SET status = ? WHERE id = ? AND status <> 'deleting'",
                    status.word(),
                    id));
    if (changed == 0) {
      throw missing();
    }
  }

  /** Restricts the pool to these accounts; to none means to all. */
  List<String> pin(List<String> ids) {
    Set<String> wanted = new LinkedHashSet<>(ids);
    return database.write(
        session -> {
          for (String id : wanted) {
            if (session.first("SELECT 1 FROM accounts WHERE id = ?", row -> 1, id).isEmpty()) {
              throw new Refused(
                  422, "unknown_account", "An account of the list does not exist. No pin changed.");
            }
          }
          write(session, List.copyOf(wanted));
          return List.copyOf(wanted);
        });
  }

  private static void write(Session session, List<String> pinned) throws SQLException {
    session.update(
        """
        INSERT INTO dashboard_settings (id, sticky_threads_enabled, pinned_account_ids_json)
        VALUES (1, TRUE, ?)
        ON CONFLICT (id) DO UPDATE SET pinned_account_ids_json = excluded.pinned_account_ids_json""",
        GSON.toJson(pinned));
  }

  /**
   * Deletes an account and all that it has, in short transactions beside others. If it ends midway
   * the account stays, out of service, and the same again goes on.
   *
   * @return how many rows went from each table
   */
  Map<String, Long> delete(String id) {
    int marked =
        database.write(
            session -> session.update("UPDATE accounts SET status = 'deleting' WHERE id = ?", id));
    if (marked == 0) {
      throw missing();
    }
    Map<String, Long> gone = new TreeMap<>();
    for (String table : List.of("usage_history", "request_logs")) {
      for (int some = DELETED_AT_ONCE; some == DELETED_AT_ONCE; ) {
        some = database.write(session -> deleteSome(session, table, id));
        gone.merge(table, (long) some, Long::sum);
      }
    }
    database
        .write(session -> deleteRest(session, id))
        .forEach((k, v) -> gone.merge(k, v, Long::sum));
    return gone;
  }

  private static int deleteSome(Session session, String table, String id) throws SQLException {
    return session.update(
        String.join(
            " ",
            "DELETE FROM",
            table,
            "WHERE id IN (SELECT id FROM",
            table,
            "WHERE account_id = ? LIMIT " + DELETED_AT_ONCE + ")"),
        id);
  }

  /** What came since, what is little, and the account. */
  private static Map<String, Long> deleteRest(Session session, String id) throws SQLException {
    Map<String, Long> gone = new TreeMap<>();
    for (String table : List.of("usage_history", "request_logs", "sticky_sessions")) {
      gone.put(table, (long) session.update("DELETE FROM " + table + " WHERE account_id = ?", id));
    }
    List<String> pinned = new ArrayList<>(pinned(session));
    if (pinned.remove(id)) {
      write(session, pinned);
    }
    gone.put("accounts", (long) session.update("DELETE FROM accounts WHERE id = ?", id));
    return gone;
  }

  /** Deletes that a killed process did not bring to their end. */
  List<String> halfDeleted() {
    return database.read(
        session ->
            session.query(
                "SELECT id FROM accounts WHERE status = 'deleting'", row -> row.getString(1)));
  }

  private static Refused missing() {
    return Refused.missing("There is no such account. Nothing was changed.");
  }
}

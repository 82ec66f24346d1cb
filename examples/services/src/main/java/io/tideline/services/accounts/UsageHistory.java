package io.tideline.services.accounts;

import io.tideline.services.web.Times;
import io.tideline.store.BatchInsert;
import io.tideline.store.BatchWork;
import io.tideline.store.Database;
import io.tideline.store.Latest;
import io.tideline.store.LatestPerKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The newest usage of each account, and new usage. */
final class UsageHistory {
  private final LatestPerKey<Usage> latest;
  private final Times times;

  /** What is known of an account at present: by window, at most one row each. */
  record Present(Map<String, Map<String, Usage>> accounts) {
    Map<String, Usage> of(String account) {
      return accounts.getOrDefault(account, Map.of());
    }
  }

  /** What was fetched for an account. */
  record Fetched(String account, Instant at, Window primary, Window secondary) {
    /** One window of it. */
    record Window(double usedPercent, long resetAt, int minutes) {}
  }

  UsageHistory(Database database, Times times) {
    this.times = times;
    this.latest =
        LatestPerKey.from("usage_history")
            .key("account_id")
            .newestBy("recorded_at", "id")
            .windowExpression(Usage.WINDOW)
            .columns(Usage.COLUMNS)
            .keysFrom("accounts", "id")
            .open(database, Usage::read);
  }

  /** Both windows of every account, in one round trip. */
  Present present() {
    Map<String, Map<String, Usage>> accounts = new TreeMap<>();
    for (Latest<Usage> each : latest.all(Usage.PRIMARY, Usage.SECONDARY)) {
      accounts
          .computeIfAbsent(String.valueOf(each.key()), account -> new TreeMap<>())
          .put(String.valueOf(each.window()), each.row());
    }
    return new Present(accounts);
  }

  /** Writes what a round fetched: two rows for each account. */
  BatchWork<Fetched> store() {
    record Row(Fetched of, String window, Fetched.Window values) {}
    BatchInsert<Row> insert =
        BatchInsert.into(
            "usage_history",
            List.of(
                "account_id",
                "recorded_at",
                "window",
                "used_percent",
                "reset_at",
                "window_minutes"),
            (statement, row) -> {
              statement.setString(1, row.of().account());
              statement.setObject(2, times.bound(row.of().at()));
              statement.setString(3, row.window());
              statement.setDouble(4, row.values().usedPercent());
              statement.setLong(5, row.values().resetAt());
              statement.setInt(6, row.values().minutes());
            });
    return (session, rows) ->
        insert.write(
            session,
            rows.stream()
                .flatMap(
                    each ->
                        Stream.of(
                            new Row(each, Usage.PRIMARY, each.primary()),
                            new Row(each, Usage.SECONDARY, each.secondary())))
                .toList());
  }
}

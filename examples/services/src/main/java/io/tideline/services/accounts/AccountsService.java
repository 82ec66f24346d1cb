package io.tideline.services.accounts;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tideline.Retention;
import io.tideline.services.web.EmbeddedRetention;
import io.tideline.services.web.Environment;
import io.tideline.services.web.Parts;
import io.tideline.services.web.Times;
import io.tideline.services.web.Web;
import io.tideline.store.Database;
import io.tideline.store.Refresher;
import io.tideline.store.SnapshotCache;
import io.tideline.store.StickySessions;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The whole service, from its settings to its last flush. */
public final class AccountsService implements AutoCloseable {
  private final Parts parts = new Parts();
  private final Clock clock;
  private final Web web;

  private AccountsService(AccountsSettings settings, Clock clock) {
    this.clock = clock;
    try {
      this.web = assembled(settings);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Starts it.
   *
   * @param environment the variables of the README
   * @throws IllegalArgumentException if one is not right; nothing was done
   */
  public static AccountsService start(Map<String, String> environment, Clock clock) {
    return new AccountsService(AccountsSettings.of(new Environment(environment)), clock);
  }

  private Web assembled(AccountsSettings settings) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Database database = parts.add(settings.database().open(registry));
    AccountsTables.make(database, settings.database().address().isSqlite());
    // Before the logs, so that these are written first when the service ends.
    Retention retention = retention(settings);
    Times times = new Times(settings.database().address());

    Accounts accounts = new Accounts(database);
    UsageHistory history = new UsageHistory(database, times);
    SnapshotCache<Accounts.Snapshot> page =
        cached("accounts", settings.caches().accounts(), accounts::snapshot, registry);
    SnapshotCache<UsageHistory.Present> usage =
        cached("usage", settings.caches().usage(), history::present, registry);
    RequestLogs logs = parts.add(new RequestLogs(database, times, settings.logs()));
    Routing routing =
        new Routing(
            SnapshotCache.of(
                    "routing", settings.caches().routing(), () -> accounts.snapshot().pool())
                .staleFor(settings.caches().routing().multipliedBy(5))
                .meters(registry)
                .make(),
            sticky(database, settings.sticky()));
    Changes changes = new Changes(accounts, routing, page, usage);
    accounts.halfDeleted().forEach(changes::delete);
    refresh(settings.refresh(), accounts, history, usage, database);

    Proxy proxy = new Proxy(routing, changes, logs, clock, settings.upstream());
    AccountsApi api = new AccountsApi(page, usage, changes, proxy);
    AccountsHealth health = new AccountsHealth(database, logs);
    return parts.add(
        Web.start(
            settings.listen(),
            registry,
            routes -> {
              api.routes(routes);
              routes.get("/health", health::answer);
              EmbeddedRetention.route(routes, retention);
            }));
  }

  private static <T> SnapshotCache<T> cached(
      String name, Duration ttl, Supplier<T> loader, MeterRegistry registry) {
    return SnapshotCache.of(name, ttl, loader).meters(registry).make();
  }

  private StickySessions<String> sticky(Database database, AccountsSettings.Sticky settings) {
    return settings.inDatabase()
        ? StickySessions.inDatabase(database, settings.unused(), clock)
        : StickySessions.inMemory(settings.mostKeys(), settings.unused());
  }

  private Retention retention(AccountsSettings settings) {
    return parts.add(
        EmbeddedRetention.start(
            settings.policies(),
            settings.retentionCron(),
            settings.environment(),
            settings.database().address()));
  }

  /** On threads of its own: no request ever waits for an upstream's usage. */
  private void refresh(
      AccountsSettings.Refresh settings,
      Accounts accounts,
      UsageHistory history,
      SnapshotCache<UsageHistory.Present> usage,
      Database database) {
    if (settings.on()) {
      UsageSource source = new UsageSource(clock);
      parts.add(
          Refresher.of(
                  "usage",
                  () ->
                      accounts.snapshot().accounts().stream()
                          .filter(account -> account.status() != Account.Status.DELETING)
                          .map(Account::id)
                          .toList(),
                  source::of,
                  history.store())
              .every(settings.every(), settings.every().dividedBy(10))
              .afterwards(usage::invalidate)
              .start(database));
    }
  }

  /** The port that it listens on. */
  public int port() {
    return web.port();
  }

  /** Answers what is under way, takes no more, and writes what waits. Again does nothing. */
  @Override
  public void close() {
    parts.close();
  }
}

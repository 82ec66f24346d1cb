package io.tideline.services.accounts;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tideline.Retention;
import io.tideline.services.web.EmbeddedRetention;
import io.tideline.services.web.Environment;
import io.tideline.services.web.Parts;
import io.tideline.services.web.Service;
import io.tideline.services.web.Times;
import io.tideline.services.web.Web;
import io.tideline.store.Database;
import io.tideline.store.Refresher;
import io.tideline.store.RefresherOpening;
import io.tideline.store.SnapshotCache;
import io.tideline.store.StickySessions;
import io.tideline.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The whole service, from its settings to its last flush. */
public final class AccountsService {
  private static final Logger LOG = LoggerFactory.getLogger(AccountsService.class);

  private AccountsService() {}

  /**
   * Starts it.
   *
   * @param environment the variables of the README
   * @throws IllegalArgumentException if one is not right; nothing was done
   */
  public static Service start(Map<String, String> environment, Clock clock) {
    AccountsSettings settings = AccountsSettings.of(new Environment(environment));
    return Service.of(parts -> assembled(parts, settings, clock));
  }

  private static Web assembled(Parts parts, AccountsSettings settings, Clock clock) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Database database = parts.add(settings.database().open(registry));
    AccountsTables.make(database, settings.database().address().isSqlite());
    // Before the logs, so that these are written first when the service ends.
    Retention retention =
        parts.add(
            EmbeddedRetention.start(
                settings.policies(),
                settings.retentionCron(),
                settings.environment(),
                settings.database().address()));
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
            sticky(database, settings.sticky(), clock));
    Changes changes = new Changes(accounts, routing, page, usage);
    refresher(settings.refresh(), accounts, history, usage, clock)
        .ifPresent(each -> parts.add(each.start(database)));

    Proxy proxy = new Proxy(routing, changes, logs, clock, settings.upstream());
    AccountsApi api = new AccountsApi(page, usage, changes, proxy);
    AccountsHealth health = new AccountsHealth(database, logs);
    Web web =
        Web.start(
            settings.listen(),
            registry,
            routes -> {
              api.routes(routes);
              routes.get("/health", health::answer);
              EmbeddedRetention.route(routes, retention);
            });
    goOnDeleting(accounts, changes);
    return web;
  }

  /** Only once it listens: a second service that finds its port taken changes nothing. */
  private static void goOnDeleting(Accounts accounts, Changes changes) {
    try {
      accounts.halfDeleted().forEach(changes::delete);
    } catch (StoreException e) {
      LOG.warn("An account stays half deleted until it is deleted again, or the next start", e);
    }
  }

  private static <T> SnapshotCache<T> cached(
      String name, Duration ttl, Supplier<T> loader, MeterRegistry registry) {
    return SnapshotCache.of(name, ttl, loader).meters(registry).make();
  }

  private static StickySessions<String> sticky(
      Database database, AccountsSettings.Sticky settings, Clock clock) {
    return settings.inDatabase()
        ? StickySessions.inDatabase(database, settings.unused(), clock)
        : StickySessions.inMemory(settings.mostKeys(), settings.unused());
  }

  /** On threads of its own: no request ever waits for an upstream's usage. */
  private static Optional<RefresherOpening<String, UsageHistory.Fetched>> refresher(
      AccountsSettings.Refresh settings,
      Accounts accounts,
      UsageHistory history,
      SnapshotCache<UsageHistory.Present> usage,
      Clock clock) {
    if (!settings.on()) {
      return Optional.empty();
    }
    UsageSource source = new UsageSource(clock);
    return Optional.of(
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
            .afterwards(usage::invalidate));
  }
}

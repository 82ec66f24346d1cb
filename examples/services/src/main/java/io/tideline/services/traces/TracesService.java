package io.tideline.services.traces;

import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tideline.Retention;
import io.tideline.services.web.EmbeddedRetention;
import io.tideline.services.web.Environment;
import io.tideline.services.web.Parts;
import io.tideline.services.web.Web;
import io.tideline.store.Database;
import io.tideline.store.StoreException;
import io.tideline.store.TraceStore;
import java.time.Clock;
import java.util.Map;

/** The whole service, from its settings to its last flush. */
public final class TracesService implements AutoCloseable {
  private final Parts parts = new Parts();
  private final Clock clock;
  private final Web web;

  private TracesService(TracesSettings settings, Clock clock) {
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
  public static TracesService start(Map<String, String> environment, Clock clock) {
    return new TracesService(TracesSettings.of(new Environment(environment)), clock);
  }

  private Web assembled(TracesSettings settings) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Database database = parts.add(settings.database().open(registry));
    TraceStore store = TraceStore.open(database);
    Retention retention =
        parts.add(
            EmbeddedRetention.start(
                settings.policies(),
                settings.retentionCron(),
                settings.environment(),
                settings.database().address()));
    Storing storing = parts.add(new Storing(database, store, settings));
    TracesApi api = new TracesApi(store, storing, clock, settings.largestBody());
    return parts.add(
        Web.start(
            settings.listen(),
            registry,
            routes -> {
              api.routes(routes);
              routes.get("/health", request -> health(request, database, storing));
              EmbeddedRetention.route(routes, retention);
            }));
  }

  private static void health(Context request, Database database, Storing storing) {
    try {
      database.read(session -> session.first("SELECT 1", row -> 1));
      Web.json(request, storing.health());
    } catch (StoreException e) {
      request.status(503);
      Web.json(request, Map.of("status", "down", "why", String.valueOf(e.getMessage())));
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

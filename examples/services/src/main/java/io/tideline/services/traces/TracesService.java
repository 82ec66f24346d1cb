package io.tideline.services.traces;

import io.javalin.http.Context;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tideline.Retention;
import io.tideline.services.web.EmbeddedRetention;
import io.tideline.services.web.Environment;
import io.tideline.services.web.Parts;
import io.tideline.services.web.Service;
import io.tideline.services.web.Web;
import io.tideline.store.Database;
import io.tideline.store.StoreException;
import io.tideline.store.TraceStore;
import java.time.Clock;
import java.util.Map;

/** The whole service, from its settings to its last flush. */
public final class TracesService {
  private TracesService() {}

  /**
   * Starts it.
   *
   * @param environment the variables of the README
   * @throws IllegalArgumentException if one is not right; nothing was done
   */
  public static Service start(Map<String, String> environment, Clock clock) {
    TracesSettings settings = TracesSettings.of(new Environment(environment));
    return Service.of(parts -> assembled(parts, settings, clock));
  }

  private static Web assembled(Parts parts, TracesSettings settings, Clock clock) {
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
    return Web.start(
        settings.listen(),
        registry,
        routes -> {
          api.routes(routes);
          routes.get("/health", request -> health(request, database, storing));
          EmbeddedRetention.route(routes, retention);
        });
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
}

package io.tideline.services.web;

import io.javalin.config.RoutesConfig;
import io.tideline.Retention;
import io.tideline.config.ConfigFile;
import io.tideline.config.CronLine;
import io.tideline.policy.Settings;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tideline inside the service: old rows are archived, verified and deleted, beside its requests.
 */
public final class EmbeddedRetention {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedRetention.class);

  private EmbeddedRetention() {}

  /**
   * Starts it.
   *
   * @param policies the file of policies, whose {@code ${STORE}} is the service's own database
   * @param cron when, in UTC
   */
  public static Retention start(
      Path policies, String cron, Environment environment, DatabaseAddress address) {
    Map<String, String> variables = new HashMap<>(environment.variables());
    variables.put("STORE", address.text());
    Settings settings = ConfigFile.load(policies, variables).settings();
    return Retention.of(settings)
        .at(CronLine.parse(cron, ZoneOffset.UTC)::next)
        .onRun(
            run ->
                LOG.info(
                    "Retention: {} rows archived and deleted, {} ({})",
                    run.removed(),
                    run.exit(),
                    run.failure().isEmpty() ? run.run() : run.failure()))
        .onFailure(e -> LOG.warn("Retention did not run: {}", e.getMessage()))
        .start();
  }

  /** The route by which a person asks for a run now. */
  public static void route(RoutesConfig routes, Retention retention) {
    routes.post(
        "/api/retention",
        request -> {
          retention.runSoon();
          request.status(202);
          Web.json(request, Map.of("retention", "soon"));
        });
  }
}

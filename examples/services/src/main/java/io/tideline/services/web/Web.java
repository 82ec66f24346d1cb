package io.tideline.services.web;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tideline.store.StoreException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP server whose errors are JSON, and whose requests are measured. */
public final class Web implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Web.class);
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  private final Javalin server;

  private Web(Javalin server) {
    this.server = server;
  }

  /** Where a server listens, and by how many threads it answers. */
  public record Listen(String host, int port, int threads) {}

  /** Starts a server; port 0 takes any that is free. */
  public static Web start(
      Listen listen, PrometheusMeterRegistry registry, Consumer<RoutesConfig> routes) {
    return new Web(
        Javalin.create(
                config -> {
                  config.startup.showJavalinBanner = false;
                  config.startup.showOldJavalinVersionWarning = false;
                  config.jetty.threadPool =
                      new QueuedThreadPool(listen.threads(), Math.min(8, listen.threads()));
                  // Requests under way are answered before the server ends.
                  config.jetty.modifyServer(
                      jetty -> {
                        jetty.setStopTimeout(LONGEST_STOP.toMillis());
                        jetty.setErrorHandler(new MalformedRequests());
                      });
                  config.http.prefer405over404 = true;
                  measure(config, registry);
                  errors(config.routes);
                  config.routes.get(
                      "/metrics",
                      request ->
                          request
                              .contentType("text/plain; version=0.0.4; charset=utf-8")
                              .result(registry.scrape()));
                  routes.accept(config.routes);
                })
            .start(listen.host(), listen.port()));
  }

  /** Under the name that requests have in Micrometer. */
  private static void measure(JavalinConfig config, PrometheusMeterRegistry registry) {
    config.requestLogger.http(
        (request, millis) -> {
          var endpoint = request.endpoints().matchedHttpEndpoint();
          Timer.builder("http.server.requests")
              .tag("method", request.method().name())
              .tag("uri", endpoint == null ? "none" : endpoint.path)
              .tag("status", String.valueOf(request.statusCode()))
              .register(registry)
              .record(Duration.ofNanos((long) (millis * 1_000_000)));
        });
  }

  private static void errors(RoutesConfig routes) {
    routes.exception(Refused.class, (e, request) -> error(request, e.status(), e.code(), e));
    routes.exception(StoreException.class, (e, request) -> failed(request, e));
    routes.exception(
        HttpResponseException.class,
        (e, request) -> error(request, e.getStatus(), code(e.getStatus()), e));
    routes.exception(
        Exception.class,
        (e, request) -> {
          LOG.error("A request to {} failed", request.path(), e);
          error(request, 500, "defect", "This should not happen; the log says more.");
        });
  }

  private static String code(int status) {
    return status == 404 ? "not_found" : status == 405 ? "method_not_allowed" : "bad_request";
  }

  /** Its message holds no values of rows. */
  private static void failed(Context request, StoreException e) {
    switch (e.reason()) {
      case BUSY, CLOSED -> {
        request.header("Retry-After", "1");
        error(request, 503, "busy", e);
      }
      case OUTCOME_UNKNOWN -> error(request, 500, "outcome_unknown", e);
      case BAD_ROW -> error(request, 422, "refused", e);
      default -> {
        LOG.error("The database failed", e);
        error(request, 500, "database", e);
      }
    }
  }

  private static void error(Context request, int status, String code, Exception e) {
    error(request, status, code, String.valueOf(e.getMessage()));
  }

  private static void error(Context request, int status, String code, String message) {
    request.status(status);
    json(request, Map.of("error", Map.of("code", code, "message", message)));
  }

  /** Answers with a value as JSON. */
  public static void json(Context request, Object value) {
    text(request, GSON.toJson(value));
  }

  /** Answers with JSON that is there already. */
  public static void text(Context request, String json) {
    request.contentType("application/json").result(json);
  }

  /** A value as one line of JSON. */
  public static String json(Object value) {
    return GSON.toJson(value);
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  /** Takes no more requests, and waits for those under way. */
  @Override
  public void close() {
    server.stop();
  }
}

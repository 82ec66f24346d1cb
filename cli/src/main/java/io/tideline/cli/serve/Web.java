package io.tideline.cli.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tideline.cli.output.Json;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Answers {@code /health} and {@code /metrics}, and nothing else; nothing can be changed here. */
public final class Web implements AutoCloseable {
  private static final int BACKLOG = 16;
  private final HttpServer server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "tideline-web");
            thread.setDaemon(true);
            return thread;
          });

  private Web(HttpServer server) {
    this.server = server;
  }

  /**
   * Listens.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if the address cannot be listened at
   */
  public static Web open(InetSocketAddress address, Server served) {
    // The server's own bound on slow requests; it has two threads only.
    System.setProperty("sun.net.httpserver.maxReqTime", "10");
    try {
      Web web = new Web(HttpServer.create(address, BACKLOG));
      Supplier<Picture> picture = served::picture;
      web.server.createContext("/", exchange -> answer(exchange, picture.get()));
      web.server.setExecutor(web.threads);
      web.server.start();
      return web;
    } catch (IOException e) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot listen at " + address + ": " + e.getMessage() + ".",
          "Nothing was changed.",
          "Name another address or port with --listen, or end what listens there.",
          e);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private static void answer(HttpExchange exchange, Picture picture) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        send(exchange, 405, "text/plain; charset=utf-8", "Only GET is answered.\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/health" ->
            send(
                exchange,
                Health.well(picture) ? 200 : 503,
                "application/json",
                Json.text(Health.document(picture)) + "\n");
        case "/metrics" -> send(exchange, 200, Metrics.TYPE, Metrics.text(picture));
        default -> send(exchange, 404, "text/plain; charset=utf-8", "See /health and /metrics.\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(bytes);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

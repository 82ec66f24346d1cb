package io.tideline.services.accounts;

import com.google.gson.JsonObject;
import io.javalin.http.Context;
import io.tideline.services.web.Body;
import io.tideline.services.web.Refused;
import io.tideline.services.web.Web;
import io.tideline.store.TimeOrderedIds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The route that a client talks to: one account serves it, and a row tells of it. */
final class Proxy {
  private static final int LARGEST = 1 << 20;
  private static final int LONGEST_NAME = 200;

  private final Routing routing;
  private final Changes changes;
  private final RequestLogs logs;
  private final Clock clock;
  private final Duration upstream;
  private final TimeOrderedIds ids;

  Proxy(Routing routing, Changes changes, RequestLogs logs, Clock clock, Duration upstream) {
    this.routing = routing;
    this.changes = changes;
    this.logs = logs;
    this.clock = clock;
    this.upstream = upstream;
    this.ids = new TimeOrderedIds(clock);
  }

  void serve(Context request) {
    JsonObject body = Body.object(Body.json(request, LARGEST), "The body");
    String model = Body.needed(body, "model", LONGEST_NAME);
    Optional<String> session = session(request);
    Optional<String> event = event(body);
    String account = routing.account(session);
    Instant began = clock.instant();
    long since = System.nanoTime();
    answer(event);
    RequestLog row =
        new RequestLog(
            account,
            "req_" + ids.next(),
            began,
            model,
            body.toString().length() / 4,
            event.isPresent() ? 0 : 16,
            Duration.ofNanos(System.nanoTime() - since).toMillis(),
            event.isPresent() ? "error" : "success",
            event.orElse(null),
            session.orElse(null));
    // Accepted before the answer: what a client was told of is logged, but for what a crash takes.
    logs.write(row);
    event.ifPresent(what -> changes.failed(account, Routing.EVENTS.get(what)));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("id", row.request());
    answer.put("accountId", account);
    answer.put("status", row.status());
    event.ifPresent(what -> request.status(502));
    Web.json(request, answer);
  }

  private static Optional<String> session(Context request) {
    Optional<String> session = Optional.ofNullable(request.header("X-Session-Id"));
    if (session.filter(name -> name.length() > LONGEST_NAME).isPresent()) {
      throw Refused.bad("X-Session-Id is longer than " + LONGEST_NAME + " characters.");
    }
    return session.filter(name -> !name.isEmpty());
  }

  /** What the simulated upstream shall say of the account. */
  private static Optional<String> event(JsonObject body) {
    Optional<String> event = Body.text(body, "simulate");
    if (event.isPresent() && !Routing.EVENTS.containsKey(event.get())) {
      throw Refused.bad("'simulate' must be rate_limit, quota or permanent_failure.");
    }
    return event;
  }

  private void answer(Optional<String> event) {
    if (event.isEmpty() && !upstream.isZero()) {
      try {
        Thread.sleep(upstream.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Refused(503, "stopping", "The service ends. Ask again.");
      }
    }
  }
}

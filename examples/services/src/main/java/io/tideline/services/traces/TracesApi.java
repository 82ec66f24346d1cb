package io.tideline.services.traces;

import com.google.gson.JsonElement;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.tideline.services.web.Body;
import io.tideline.services.web.Refused;
import io.tideline.services.web.Web;
import io.tideline.store.DeletedSession;
import io.tideline.store.Page;
import io.tideline.store.SessionTrace;
import io.tideline.store.Trace;
import io.tideline.store.TraceStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What the service answers. */
final class TracesApi {
  private static final String LINES = "application/x-ndjson";
  private static final int MOST_AT_ONCE = 10_000;
  private static final int LONGEST_NAME = 500;

  /** Of this many bytes as many bodies as there are threads fit into the heap. */
  private static final int SMALL = 1 << 20;

  private final Semaphore large = new Semaphore(1);
  private final TraceStore store;
  private final Storing storing;
  private final TraceJson json;
  private final Clock clock;
  private final int largestBody;

  TracesApi(TraceStore store, Storing storing, Clock clock, int largestBody) {
    this.store = store;
    this.storing = storing;
    this.json = new TraceJson(clock);
    this.clock = clock;
    this.largestBody = largestBody;
  }

  void routes(RoutesConfig routes) {
    routes.post("/api/sessions/{session}/traces", this::take);
    routes.get("/api/sessions/{session}/traces", this::session);
    routes.delete("/api/sessions/{session}", this::delete);
    routes.get("/api/sessions", this::sessions);
    routes.get("/api/traces", this::kind);
    routes.get("/api/traces/{id}", this::one);
  }

  /** Large bodies take turns: as JSON and as rows they are several times as large. */
  private void take(Context request) {
    int length = request.contentLength();
    if (length >= 0 && length <= SMALL) {
      store(request);
      return;
    }
    if (!acquired()) {
      throw new Refused(
          503, "busy", "Other large bodies are being stored. Nothing was stored. Ask again.");
    }
    try {
      store(request);
    } finally {
      large.release();
    }
  }

  private boolean acquired() {
    try {
      return large.tryAcquire(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** One trace, or a list of them, all or none. */
  private void store(Context request) {
    String session = name(request, "session");
    JsonElement body = Body.json(request, largestBody);
    List<JsonElement> sent = body.isJsonArray() ? body.getAsJsonArray().asList() : List.of(body);
    if (sent.isEmpty() || sent.size() > MOST_AT_ONCE) {
      throw Refused.bad("Send from 1 to " + MOST_AT_ONCE + " traces at once.");
    }
    List<SessionTrace> traces = new ArrayList<>();
    sent.forEach(each -> traces.add(json.read(session, each)));
    boolean stored = storing.take(traces);
    request.status(stored ? 201 : 202);
    Web.json(
        request,
        Map.of("stored", stored, "ids", traces.stream().map(each -> each.trace().id()).toList()));
  }

  private void session(Context request) throws IOException {
    String session = name(request, "session");
    Asked asked = Asked.of(request, clock);
    if (wantsLines(request)) {
      try (Stream<Trace> traces = store.streamSession(session, asked.since())) {
        lines(request, traces.iterator(), asked);
      }
      return;
    }
    page(request, store.bySession(session, asked.since(), asked.limit(), asked.after()));
  }

  private static boolean wantsLines(Context request) {
    String accept = request.header("Accept");
    return accept != null && accept.contains(LINES);
  }

  /**
   * A line each, written while they are read; as many as asked for, and all if nothing was said.
   */
  private static void lines(Context request, Iterator<Trace> traces, Asked asked)
      throws IOException {
    if (asked.after() != null) {
      throw Refused.bad("A stream begins at the newest: leave out 'after'.");
    }
    long left = Asked.parameter(request, "limit").isPresent() ? asked.limit() : Long.MAX_VALUE;
    request.contentType(LINES);
    OutputStream out = request.outputStream();
    for (; left > 0 && traces.hasNext(); left--) {
      out.write((TraceJson.text(traces.next()) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    out.flush();
  }

  private void kind(Context request) {
    Asked asked = Asked.of(request, clock);
    page(
        request,
        store.query(
            Asked.parameter(request, "type").orElse(null),
            Asked.parameter(request, "namespace").orElse(null),
            asked.since(),
            asked.limit(),
            asked.after()));
  }

  private static void page(Context request, Page<Trace> page) {
    long length = page.rows().stream().mapToLong(TraceJson::length).sum();
    StringBuilder out = new StringBuilder((int) Math.min(1 << 28, 100 + length));
    out.append("{\"traces\": [");
    String between = "";
    for (Trace trace : page.rows()) {
      TraceJson.write(trace, out.append(between));
      between = ",";
    }
    out.append("]");
    page.next().ifPresent(cursor -> out.append(", \"next\": ").append(Web.json(cursor.token())));
    out.append("}");
    Web.text(request, out.toString());
  }

  private void one(Context request) {
    Trace trace =
        store
            .get(name(request, "id"))
            .orElseThrow(() -> Refused.missing("There is no such trace."));
    Web.text(request, TraceJson.text(trace));
  }

  private void sessions(Context request) {
    Asked asked = Asked.of(request, clock);
    Web.json(
        request,
        Map.of(
            "sessions",
            store.sessions(asked.since(), asked.limit()).stream()
                .map(each -> Map.of("session", each.session(), "newest", each.newest().toString()))
                .toList()));
  }

  private void delete(Context request) {
    DeletedSession deleted = store.deleteSession(name(request, "session"));
    Web.json(request, Map.of("mappings", deleted.mappings(), "traces", deleted.traces()));
  }

  private static String name(Context request, String parameter) {
    String name = request.pathParam(parameter);
    if (name.isEmpty() || name.length() > LONGEST_NAME || name.indexOf('\0') >= 0) {
      throw Refused.bad("A name has from 1 to " + LONGEST_NAME + " characters, none of them NUL.");
    }
    return name;
  }
}

package io.tideline.services.traces;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import io.tideline.services.web.Body;
import io.tideline.services.web.Refused;
import io.tideline.store.SessionTrace;
import io.tideline.store.TimeOrderedIds;
import io.tideline.store.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Traces as JSON. */
final class TraceJson {
  private static final int LONGEST_NAME = 500;

  private final Clock clock;
  private final TimeOrderedIds ids;

  TraceJson(Clock clock) {
    this.clock = clock;
    this.ids = new TimeOrderedIds(clock);
  }

  /**
   * A trace that a client sent; what it leaves out is made: an id in the order of time, and now.
   */
  SessionTrace read(String session, JsonElement sent) {
    JsonObject object = Body.object(sent, "A trace");
    Instant created = time(object, "createdAt").orElseGet(clock::instant);
    Optional<String> id = Body.text(object, "id");
    try {
      return new SessionTrace(
          session,
          new Trace(
              id.isPresent() ? Body.needed(object, "id", LONGEST_NAME) : ids.next().toString(),
              Body.needed(object, "contextType", LONGEST_NAME),
              Body.needed(object, "namespace", LONGEST_NAME),
              json(object.get("data")).orElseThrow(() -> Refused.bad("'data' is missing.")),
              json(object.get("metadata")).orElse(null),
              created,
              time(object, "updatedAt").orElse(created)));
    } catch (IllegalArgumentException e) {
      throw Refused.bad(e.getMessage() + ". Nothing was stored.");
    }
  }

  private static Optional<String> json(@Nullable JsonElement value) {
    return Optional.ofNullable(value).filter(json -> !json.isJsonNull()).map(JsonElement::toString);
  }

  private static Optional<Instant> time(JsonObject object, String name) {
    return Body.text(object, name).map(text -> instant(name, text));
  }

  /** An instant such as {@code 2026-05-02T10:00:00Z}. */
  static Instant instant(String name, String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw Refused.bad("'" + name + "' must be an instant such as 2026-05-02T10:00:00Z.");
    }
  }

  /** Documents go out as they are stored: they were read as JSON when they came. */
  static void write(Trace trace, Writer out) throws IOException {
    JsonWriter json = new JsonWriter(out);
    json.beginObject();
    json.name("id").value(trace.id());
    json.name("contextType").value(trace.contextType());
    json.name("namespace").value(trace.namespace());
    json.name("data").jsonValue(trace.data());
    String metadata = trace.metadata();
    if (metadata != null) {
      json.name("metadata").jsonValue(metadata);
    }
    json.name("createdAt").value(trace.createdAt().toString());
    json.name("updatedAt").value(trace.updatedAt().toString());
    json.endObject();
  }

  /** The same as a text. */
  static String text(Trace trace) {
    StringWriter out = new StringWriter();
    try {
      write(trace, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString();
  }
}

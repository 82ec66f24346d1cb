package io.tideline.services.traces;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.services.web.Body;
import io.tideline.services.web.Refused;
import io.tideline.store.SessionTrace;
import io.tideline.store.TimeOrderedIds;
import io.tideline.store.Trace;
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

  static JsonObject write(Trace trace) {
    JsonObject object = new JsonObject();
    object.addProperty("id", trace.id());
    object.addProperty("contextType", trace.contextType());
    object.addProperty("namespace", trace.namespace());
    object.add("data", JsonParser.parseString(trace.data()));
    String metadata = trace.metadata();
    if (metadata != null) {
      object.add("metadata", JsonParser.parseString(metadata));
    }
    object.addProperty("createdAt", trace.createdAt().toString());
    object.addProperty("updatedAt", trace.updatedAt().toString());
    return object;
  }
}

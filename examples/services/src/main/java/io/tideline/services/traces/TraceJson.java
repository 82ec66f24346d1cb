package io.tideline.services.traces;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.tideline.services.web.Body;
import io.tideline.services.web.Refused;
import io.tideline.services.web.Web;
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
    return Optional.ofNullable(value)
        .filter(json -> !json.isJsonNull())
        .map(json -> Body.whole(json.toString()));
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

  /**
   * Documents go out as they are stored, in one line: they were read as JSON when they came. By
   * hand, for a page has thousands of values.
   */
  static void write(Trace trace, StringBuilder out) {
    text(out.append("{\"id\":"), trace.id());
    text(out.append(",\"contextType\":"), trace.contextType());
    text(out.append(",\"namespace\":"), trace.namespace());
    document(out.append(",\"data\":"), trace.data());
    String metadata = trace.metadata();
    if (metadata != null) {
      document(out.append(",\"metadata\":"), metadata);
    }
    String created = trace.createdAt().toString();
    boolean same = trace.updatedAt().equals(trace.createdAt());
    out.append(",\"createdAt\":\"").append(created);
    out.append("\",\"updatedAt\":\"").append(same ? created : trace.updatedAt());
    out.append("\"}");
  }

  /** About how many characters a trace takes. */
  static int length(Trace trace) {
    return 250 + (int) Math.min(1 << 28, trace.weight() / 2);
  }

  private static void text(StringBuilder out, String text) {
    if (isPlain(text)) {
      out.append('"').append(text).append('"');
    } else {
      out.append(Web.json(text));
    }
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }

  /** Whoever stored it by the library may have put it into several lines. */
  private static void document(StringBuilder out, String json) {
    boolean lines = json.indexOf('\n') >= 0 || json.indexOf('\r') >= 0;
    out.append(lines ? json.replace('\n', ' ').replace('\r', ' ') : json);
  }

  /** The same as a text. */
  static String text(Trace trace) {
    StringBuilder out = new StringBuilder(length(trace));
    write(trace, out);
    return out.toString();
  }
}

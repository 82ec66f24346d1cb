package io.tideline.services.traces;

import io.javalin.http.Context;
import io.tideline.services.web.Refused;
import io.tideline.store.Cursor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which rows a request asks for.
 *
 * @param since the oldest, inclusive; null for all
 * @param limit the most
 * @param after where the page before ended; null for the first
 */
record Asked(@Nullable Instant since, int limit, @Nullable Cursor after) {
  private static final int USUAL = 100;
  private static final int MOST = 10_000;
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");
  private static final String NO_CURSOR = "'after' is not the 'next' of a page.";
  private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

  static Asked of(Context request, Clock clock) {
    return new Asked(
        parameter(request, "since").map(text -> since(text, clock)).orElse(null),
        parameter(request, "limit").map(Asked::limit).orElse(USUAL),
        parameter(request, "after").map(Asked::cursor).orElse(null));
  }

  /** A parameter that is there and not empty. */
  static Optional<String> parameter(Context request, String name) {
    return Optional.ofNullable(request.queryParam(name)).filter(text -> !text.isEmpty());
  }

  /** So long ago, as {@code 10m}, or an instant. */
  private static Instant since(String text, Clock clock) {
    Matcher ago = AGO.matcher(text);
    Instant since =
        ago.matches()
            ? clock.instant().minus(span(Long.parseLong(ago.group(1)), ago.group(2)))
            : TraceJson.instant("since", text);
    if (since.isBefore(FIRST) || since.isAfter(LAST)) {
      throw Refused.bad("'since' must lie within the years 1 to 9999.");
    }
    return since;
  }

  private static Duration span(long count, String unit) {
    return switch (unit) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  private static int limit(String text) {
    int limit = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MOST) {
      throw Refused.bad("'limit' must be a whole number from 1 to " + MOST + ".");
    }
    return limit;
  }

  private static Cursor cursor(String token) {
    try {
      Cursor cursor = Cursor.parse(token);
      if (cursor.time() instanceof Double && cursor.id() instanceof Long) {
        return cursor;
      }
      throw Refused.bad(NO_CURSOR);
    } catch (IllegalArgumentException e) {
      throw Refused.bad(NO_CURSOR);
    }
  }
}

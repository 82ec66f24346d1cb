package io.tideline.store;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;

/**
 * Where a page ended: just after the row of this time and id. It stays good when rows come and go.
 *
 * @param time the time as it is stored: a {@code Long}, {@code Double} or {@code String}
 * @param id the id as it is stored, likewise
 */
public record Cursor(Object time, Object id) {
  /** Widens whole numbers. */
  public Cursor {
    time = value(time);
    id = value(id);
  }

  private static Object value(Object value) {
    Objects.requireNonNull(value);
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof Double number && !Double.isFinite(number)) {
      throw new IllegalArgumentException("A time is not a finite number");
    }
    if (value instanceof Long || value instanceof Double || value instanceof String) {
      return value;
    }
    throw new IllegalArgumentException(
        "A time or id of type " + value.getClass().getSimpleName() + " cannot be paged by");
  }

  /** The cursor as letters, digits and {@code -_.}, to be given to a client. */
  public String token() {
    return part(time) + "." + part(id);
  }

  /**
   * The cursor of a token. A forged one leads to another place of the same rows, and no further.
   *
   * @throws IllegalArgumentException if it is no token
   */
  public static Cursor parse(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException("Not the token of a page");
    }
    return new Cursor(value(parts[0]), value(parts[1]));
  }

  private static String part(Object value) {
    String text = value.getClass().getSimpleName().charAt(0) + value.toString();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static Object value(String part) {
    String text = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      throw new IllegalArgumentException("Not the token of a page");
    }
    String value = text.substring(1);
    return switch (text.charAt(0)) {
      case 'L' -> (Object) Long.valueOf(value);
      case 'D' -> Double.valueOf(value);
      case 'S' -> value;
      default -> throw new IllegalArgumentException("Not the token of a page");
    };
  }
}

package io.tideline.cli.output;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.Temporal;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Values of an answer as text. */
final class Cells {
  private Cells() {}

  /** Text that loses nothing: times in ISO form with a space, bytes in hexadecimal. */
  static String text(@Nullable Object value, String none) {
    if (value == null) {
      return none;
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof BigDecimal decimal) {
      return decimal.toPlainString();
    }
    return value instanceof Temporal temporal ? time(temporal) : value.toString();
  }

  private static String time(Temporal time) {
    boolean dated =
        time instanceof LocalDateTime || time instanceof Instant || time instanceof OffsetDateTime;
    return dated ? time.toString().replace('T', ' ') : time.toString();
  }
}

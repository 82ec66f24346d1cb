package io.tideline.text;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Values of a query's answer. */
final class ObjectValues {
  private ObjectValues() {}

  static void write(Cells cells, @Nullable Object value) throws IOException {
    if (value == null) {
      cells.nothing();
    } else if (value instanceof byte[] bytes) {
      cells.bytes(bytes);
    } else if (value instanceof Double || value instanceof Float) {
      cells.real(((Number) value).doubleValue(), value.toString());
    } else if (value instanceof BigDecimal decimal) {
      cells.word(decimal.toPlainString());
    } else if (value instanceof Number || value instanceof Boolean) {
      cells.word(value.toString());
    } else {
      cells.text(text(value).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Their own text leaves seconds out where they are zero. */
  private static String text(Object value) {
    if (value instanceof LocalDateTime time) {
      return DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(time);
    }
    if (value instanceof OffsetDateTime time) {
      return DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(time);
    }
    if (value instanceof LocalTime time) {
      return DateTimeFormatter.ISO_LOCAL_TIME.format(time);
    }
    return value.toString();
  }
}

package io.tideline.core.time;

import io.tideline.plan.TimeEncoding;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Text that begins with year, month and day. */
final class IsoForm extends TimeForm {
  private static final long MINUTE = 60;
  private static final long DAY = 86_400;
  private static final long FIRST = Days.of(1, 1, 1) * DAY;
  private static final long END = Days.of(10_000, 1, 1) * DAY;

  private final Shape shape;
  private final byte[] offset;
  private final LocalTimes local;
  private final DateTimeFormatter format;
  private final IsoText text = new IsoText();

  IsoForm(TimeEncoding encoding) {
    shape = encoding.shape();
    offset = encoding.offset().getBytes(StandardCharsets.UTF_8);
    local =
        new LocalTimes(
            offset.length == 0
                ? encoding.zone()
                : ZoneOffset.ofTotalSeconds(
                    Offset.seconds(encoding.offset())
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "Cannot read the offset " + encoding.offset()))));
    format =
        DateTimeFormatter.ofPattern(
            switch (shape) {
              case ISO_SPACE -> "uuuu-MM-dd HH:mm:ss";
              case ISO_T -> "uuuu-MM-dd'T'HH:mm:ss";
              case ISO_DATE -> "uuuu-MM-dd";
              default -> "uuuuMMdd'T'HHmmss";
            });
  }

  @Override
  boolean parse(Row row, int i) {
    if (row.kind(i) != Kind.TEXT) {
      return false;
    }
    byte[] bytes = row.bytes(i);
    if (!text.parse(bytes) || text.shape != shape || !text.exists) {
      return false;
    }
    int from = text.offsetFrom;
    if (bytes.length - from != offset.length
        || !Arrays.equals(bytes, from, bytes.length, offset, 0, offset.length)) {
      return false;
    }
    nanos = text.nanos;
    boolean found = true;
    if (shape == Shape.ISO_DATE) {
      local.findDay(text.local);
    } else {
      found = local.find(text.local);
    }
    seconds = local.instant;
    return found;
  }

  @Override
  Row bound(Instant cutoff) {
    long time = local.local(ceiling(cutoff, 1));
    long step = shape == Shape.ISO_DATE ? DAY : offset.length > 0 ? MINUTE : 1;
    return write(-Math.floorDiv(-time, step) * step);
  }

  @Override
  Row encode(Instant instant) {
    return write(local.local(instant.getEpochSecond()));
  }

  /** Beyond the years that text can hold, what sorts before or after all of them. */
  private Row write(long time) {
    if (time < FIRST || time >= END) {
      return Row.ofText(time < FIRST ? "" : "z");
    }
    return Row.ofText(format.format(LocalDateTime.ofEpochSecond(time, 0, ZoneOffset.UTC)));
  }
}

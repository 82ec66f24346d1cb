package io.tideline.core.time;

import io.tideline.plan.TimeEncoding;
import io.tideline.row.Row;
import java.time.Instant;

/**
 * Reads and writes the times of one column.
 *
 * <p>Text must have exactly the column's form: separator, offset, years 0001 to 9999; fractions of
 * up to 9 digits, seconds that are left out, and a comma in place of the point are the same form. A
 * time that does not exist (a 30th of February, hour 24, a 60th second, a local time that the zone
 * skips) is unreadable; a local time that occurs twice is the later instant; a date is its first
 * instant. Reals are taken for what they are, to the nanosecond below; Julian days to the nearest
 * millisecond, as SQLite does. The machine's time zone never matters.
 *
 * <p>Holds the time read last; not thread-safe.
 */
public final class TimeCodec {
  private final TimeEncoding encoding;
  private final TimeForm form;

  /** A codec of an encoding. */
  public TimeCodec(TimeEncoding encoding) {
    this.encoding = encoding;
    this.form = TimeForm.of(encoding);
  }

  /** The encoding. */
  public TimeEncoding encoding() {
    return encoding;
  }

  /**
   * Judges value {@code i} of a row; allocates nothing in the ordinary case.
   *
   * @param cutoff a time strictly older is expired; a time equal to it is not
   * @param now a time strictly later lies in the future; not before {@code cutoff}
   */
  public TimeVerdict read(Row row, int i, Instant cutoff, Instant now) {
    if (row.isNull(i)) {
      return TimeVerdict.NO_TIME;
    }
    if (!form.parse(row, i)) {
      return TimeVerdict.UNREADABLE;
    }
    if (before(cutoff)) {
      return form.inOtherUnit(cutoff, now) ? TimeVerdict.OTHER_UNIT : TimeVerdict.EXPIRED;
    }
    return after(now) ? TimeVerdict.FUTURE : TimeVerdict.FRESH;
  }

  private boolean before(Instant other) {
    long seconds = other.getEpochSecond();
    return form.seconds < seconds || (form.seconds == seconds && form.nanos < other.getNano());
  }

  private boolean after(Instant other) {
    long seconds = other.getEpochSecond();
    return form.seconds > seconds || (form.seconds == seconds && form.nanos > other.getNano());
  }

  /**
   * The seconds since 1970 of the time read last, rounded down; {@link Long#MIN_VALUE} and {@link
   * Long#MAX_VALUE} are the infinities. Meaningless after {@code NO_TIME} and {@code UNREADABLE}.
   */
  public long seconds() {
    return form.seconds;
  }

  /** The nanoseconds after {@link #seconds()}, 0 to 999,999,999. */
  public int nanos() {
    return form.nanos;
  }

  /**
   * The time read last; what lies beyond the range of {@link Instant}, infinity too, is its
   * smallest or largest. Meaningless after {@code NO_TIME} and {@code UNREADABLE}.
   */
  public Instant instant() {
    if (form.seconds < Instant.MIN.getEpochSecond()) {
      return Instant.MIN;
    }
    return form.seconds > Instant.MAX.getEpochSecond()
        ? Instant.MAX
        : Instant.ofEpochSecond(form.seconds, form.nanos);
  }

  /**
   * One value such that the engine's {@code column < value} finds every row strictly older than the
   * cutoff: exactly those for a time type of the database; for other encodings perhaps some that
   * are not, which {@link #read} tells apart.
   *
   * <p>Text is compared byte by byte or by a collation that keeps digits in order and puts letters
   * after them. It has no fraction and no offset, so that it stands before every way to write the
   * same second. It is rounded up to a whole second, with an offset to a whole minute ({@code
   * 10:00Z} sorts after {@code 10:00:30}), for dates to a whole day. Numbers are rounded up to a
   * whole second. Digits in text sort by time only where they are equally many: their bound is
   * {@code NaN}, which stands after all of them.
   */
  public Row bound(Instant cutoff) {
    return form.bound(cutoff);
  }

  /**
   * An instant as the column writes it, in the form of {@link #bound} but rounded down to what the
   * form can hold (text: whole seconds; numbers: whole units): for {@code :now} and {@code
   * :cutoff}.
   */
  public Row encode(Instant instant) {
    return form.encode(instant);
  }
}

package io.tideline.tuning;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A value that a query is asked with. */
public sealed interface QueryValue {
  /**
   * The value as of an instant: null, a String, Long, Double, Boolean, {@code byte[]}, or an
   * Instant, which the dialect writes as a timestamp of its own.
   */
  @Nullable Object at(Instant now);

  /** NULL. */
  record Nothing() implements QueryValue {
    @Override
    public @Nullable Object at(Instant now) {
      return null;
    }
  }

  /**
   * A text.
   *
   * @param value the text
   */
  record Text(String value) implements QueryValue {
    @Override
    public Object at(Instant now) {
      return value;
    }
  }

  /**
   * An integer.
   *
   * @param value the integer
   */
  record Whole(long value) implements QueryValue {
    @Override
    public Object at(Instant now) {
      return value;
    }
  }

  /**
   * A real number.
   *
   * @param value the number
   */
  record Real(double value) implements QueryValue {
    @Override
    public Object at(Instant now) {
      return value;
    }
  }

  /**
   * True or false.
   *
   * @param value which
   */
  record Truth(boolean value) implements QueryValue {
    @Override
    public Object at(Instant now) {
      return value;
    }
  }

  /**
   * Bytes.
   *
   * @param hex two hexadecimal digits for each
   */
  record Bytes(String hex) implements QueryValue {
    /**
     * Checks the digits.
     *
     * @throws IllegalArgumentException if they are none
     */
    public Bytes {
      HexFormat.of().parseHex(hex);
    }

    @Override
    public Object at(Instant now) {
      return HexFormat.of().parseHex(hex);
    }
  }

  /**
   * A time.
   *
   * @param time when
   * @param form how it is given
   */
  record At(Instant time, TimeForm form) implements QueryValue {
    @Override
    public Object at(Instant now) {
      return form.of(time);
    }
  }

  /**
   * A time so long before now.
   *
   * @param ago how long; zero for now itself
   * @param form how it is given
   */
  record Ago(Duration ago, TimeForm form) implements QueryValue {
    @Override
    public Object at(Instant now) {
      return form.of(now.minus(ago));
    }
  }
}

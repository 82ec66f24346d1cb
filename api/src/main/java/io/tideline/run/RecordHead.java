package io.tideline.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in an archive's deletion record: a line, and with it every line before. Whoever notes it
 * elsewhere can prove later that none of them was changed.
 *
 * @param number the number of the line, from 1
 * @param sha256 the SHA-256 of the line with its line feed, in hexadecimal
 */
public record RecordHead(long number, String sha256) {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,17}):([0-9a-fA-F]{64})");

  /**
   * Reads the form that {@link #display} writes.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static RecordHead parse(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not of the form N:HASH");
    }
    return new RecordHead(
        Long.parseLong(matcher.group(1)), matcher.group(2).toLowerCase(java.util.Locale.ROOT));
  }

  /** The number, a colon, and the SHA-256. */
  public String display() {
    return number + ":" + sha256;
  }
}

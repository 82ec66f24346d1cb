package io.tideline.core.time;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The offsets that a time may end with. */
final class Offset {
  private static final Pattern FORM =
      Pattern.compile("Z|z| ?UTC| ?([+-])(\\d\\d)(?::?([0-5]\\d))?");
  private static final int LARGEST = 18 * 3600;

  private Offset() {}

  /** The seconds east of UTC; empty if the text is no offset. */
  static OptionalInt seconds(String text) {
    Matcher found = FORM.matcher(text);
    if (!found.matches()) {
      return OptionalInt.empty();
    }
    if (found.group(1) == null) {
      return OptionalInt.of(0);
    }
    int minutes = found.group(3) == null ? 0 : Integer.parseInt(found.group(3));
    int seconds = Integer.parseInt(found.group(2)) * 3600 + minutes * 60;
    if (seconds > LARGEST) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(found.group(1).equals("-") ? -seconds : seconds);
  }
}

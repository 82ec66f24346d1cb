package io.tideline.health;

import java.time.LocalDate;
import java.util.regex.Pattern;

/**
 * A finding that is known and borne, for a while.
 *
 * @param check what is not told
 * @param place where; {@code *} stands for any letters
 * @param reason why it is borne
 * @param until the last day on which it counts, in UTC
 */
public record Suppression(Check check, String place, String reason, LocalDate until) {
  /** Whether it means a finding. */
  public boolean means(Finding finding) {
    String pattern = Pattern.quote(place).replace("*", "\\E.*\\Q");
    return finding.check() == check && finding.place().matches("(?s)" + pattern);
  }

  /** Whether it counts no more. */
  public boolean expired(LocalDate today) {
    return today.isAfter(until);
  }
}

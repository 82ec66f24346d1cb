package io.tideline.health;

import java.time.Instant;
import java.util.List;

/**
 * How a database grew, by earlier inspections.
 *
 * @param since the earliest that is remembered
 * @param points what was seen, oldest first, this inspection last
 * @param lowPerDay the bytes that it grows a day, at least
 * @param perDay the bytes that it grows a day, most likely
 * @param highPerDay the bytes that it grows a day, at most
 */
public record Growth(
    Instant since, List<Point> points, long lowPerDay, long perDay, long highPerDay) {
  /** Copies the list. */
  public Growth {
    points = List.copyOf(points);
  }

  /**
   * What was used at one moment.
   *
   * @param at when
   * @param bytes the bytes in use, without what is free inside
   */
  public record Point(Instant at, long bytes) {}
}

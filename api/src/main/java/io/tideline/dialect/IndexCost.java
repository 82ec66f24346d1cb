package io.tideline.dialect;

import java.time.Duration;
import java.util.List;

/**
 * What making an index would cost.
 *
 * @param rows about how many rows its table has
 * @param bytes about how many bytes it will take
 * @param time about how long it takes
 * @param basis by what that was judged
 * @param blocks what others feel, one sentence
 * @param blocking whether writers wait all that time
 * @param rooms what must be free meanwhile, where that can be looked at
 */
public record IndexCost(
    long rows,
    long bytes,
    Duration time,
    String basis,
    String blocks,
    boolean blocking,
    List<ReclaimOption.Room> rooms) {
  /** Copies the list. */
  public IndexCost {
    rooms = List.copyOf(rooms);
  }
}

package io.tideline.health;

import java.util.List;

/**
 * The rows of a table by day.
 *
 * @param table the table
 * @param column the column that tells the time
 * @param days the last days, oldest first, those without rows among them
 */
public record DayCounts(String table, String column, List<Day> days) {
  /** Copies the list. */
  public DayCounts {
    days = List.copyOf(days);
  }
}

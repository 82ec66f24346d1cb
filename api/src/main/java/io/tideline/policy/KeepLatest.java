package io.tideline.policy;

import java.util.List;

/**
 * The newest rows of each group that stay however old they are.
 *
 * @param per what makes a group, at least one part; NULL is a group of its own
 * @param rows how many rows of each stay, at least one
 */
public record KeepLatest(List<Part> per, int rows) {
  /** Checks the bounds. */
  public KeepLatest {
    per = List.copyOf(per);
    if (per.isEmpty() || rows < 1 || rows > 10_000) {
      throw new IllegalArgumentException(
          "Cannot keep " + rows + " rows per " + per.size() + " columns");
    }
  }

  /**
   * A column or an expression.
   *
   * @param text the column's name, or SQL
   * @param sql whether it is SQL
   */
  public record Part(String text, boolean sql) {}
}

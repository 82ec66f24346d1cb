package io.tideline.plan;

import java.util.List;

/**
 * Rows that stay for one reason.
 *
 * @param reason the reason
 * @param detail what more is known: the foreign key that refers, the engine's own words; may be
 *     empty
 * @param rows how many
 * @param examples keys of a few of them, for a person
 */
public record Kept(Reason reason, String detail, long rows, List<String> examples) {
  /** Copies the list. */
  public Kept {
    examples = List.copyOf(examples);
  }
}

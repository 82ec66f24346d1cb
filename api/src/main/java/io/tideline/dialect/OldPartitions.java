package io.tideline.dialect;

import io.tideline.catalogue.Partition;
import java.util.List;

/**
 * The partitions of a table that are older than a bound, with every row that may ever come into
 * them, and have nothing of their own that would be lost with them.
 *
 * @param partitions the partitions, in order of name
 * @param obstacle why none of them may go whole all the same, for a person; empty if they may
 */
public record OldPartitions(List<Partition> partitions, String obstacle) {
  /** Of a table without partitions. */
  public static final OldPartitions NONE = new OldPartitions(List.of(), "");

  /** Copies the list. */
  public OldPartitions {
    partitions = List.copyOf(partitions);
  }
}

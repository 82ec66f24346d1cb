package io.tideline.core.restore;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Writer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes partitions again that were dropped whole, so that their rows have a place. */
final class LostPartitions {
  private final Writer writer;
  private final Pacer pacer;
  private final List<String> made = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  LostPartitions(Writer writer, Pacer pacer) {
    this.writer = writer;
    this.pacer = pacer;
  }

  /** Makes those that rows to be restored were of and that are not there. */
  void make(Map<Table, List<Part>> parts) {
    Optional<Partitions> partitions = writer.partitions();
    parts.forEach(
        (table, some) -> partitions.ifPresent(each -> make(each, table, partitionsOf(some))));
  }

  private static Set<Partition> partitionsOf(List<Part> parts) {
    Set<Partition> found = new LinkedHashSet<>();
    for (Part part : parts) {
      if (!part.chosen().rows().isEmpty()) {
        part.chosen().manifest().partition().ifPresent(found::add);
      }
    }
    return found;
  }

  private void make(Partitions partitions, Table table, Set<Partition> wanted) {
    for (Partition each : wanted) {
      try {
        if (Patience.tryFor(() -> partitions.create(table.name(), each), pacer)) {
          made.add("The partition " + each.name() + " was made again.");
        }
      } catch (RefusedException e) {
        // Others may have the rows' place now: only rows without one show whether that matters.
        missing.add(
            "The partition "
                + each.name()
                + " was not made again: "
                + e.getMessage()
                + ". By hand: "
                + partitions.createStatement(table.name(), each));
      }
    }
  }

  /**
   * What a person should know.
   *
   * @param refused whether the database refused rows
   */
  List<String> notes(boolean refused) {
    List<String> notes = new ArrayList<>(made);
    if (refused) {
      notes.addAll(missing);
    }
    return notes;
  }
}

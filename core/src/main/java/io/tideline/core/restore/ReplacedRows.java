package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a table that a restore archived and replaced. A row that it had brought back itself
 * may be among them: it came back, although it is not live, and the archive shows it here.
 */
final class ReplacedRows {
  private final RunContext context;
  private final Table table;
  private final List<Part> replaced = new ArrayList<>();
  private final Map<List<String>, DigestBag> bags = new HashMap<>();

  /**
   * @param entries the archive's, those of the restore closed
   * @param restore the restore
   */
  ReplacedRows(RunContext context, List<ManifestEntry> entries, String restore, Table table) {
    this.context = context;
    this.table = table;
    for (ManifestEntry entry : entries) {
      Manifest manifest = entry.manifest();
      if (manifest.run().equals(restore) && manifest.policy().isEmpty() && entry.closed()) {
        for (int i = 0; i < manifest.segments().size(); i++) {
          if (manifest.segments().get(i).table().equals(table.name())) {
            add(entry, i);
          }
        }
      }
    }
  }

  private void add(ManifestEntry entry, int number) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    RowRanges hidden = entry.hidden(number);
    BitSet rows = new BitSet();
    for (int i = 0; i < segment.rows(); i++) {
      rows.set(i, !hidden.contains(i));
    }
    Mapping mapping = Mapping.of(segment, table, false, Map.of(), false);
    replaced.add(new Part(new Chosen(entry, number, rows), mapping));
  }

  /** The rows of a part that stand among them; each stands for one. */
  BitSet claim(Part part) {
    BitSet found = new BitSet();
    if (!replaced.isEmpty()) {
      DigestBag bag = bags.computeIfAbsent(part.mapping().compared(), this::bag);
      Returning digests = new Returning(part.mapping());
      part.read(
          context,
          (ordinal, row) -> {
            digests.digest(row);
            if (bag.claim(digests.lastHigh(), digests.lastLow()) >= 0) {
              found.set(ordinal);
            }
          });
    }
    return found;
  }

  private DigestBag bag(List<String> compared) {
    DigestBag bag =
        new DigestBag(replaced.stream().mapToInt(p -> p.chosen().rows().cardinality()).sum());
    RowDigest digest = new RowDigest();
    for (Part part : replaced) {
      if (part.mapping().columns().containsAll(compared)) {
        part.read(
            context,
            (ordinal, row) -> {
              Row values = part.mapping().values(part.mapping().pick(row), compared);
              digest.update(values, 0, values.width());
              bag.add(digest.high(), digest.low(), ordinal);
            });
      }
    }
    return bag;
  }
}

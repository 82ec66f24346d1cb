package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Outcome;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.run.RunContext;
import io.tideline.core.run.SegmentPlace;
import io.tideline.dialect.Item;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.row.PackedRows;
import io.tideline.row.RowRanges;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Archives live rows before they are replaced: they are locked, sealed in a segment of their own,
 * and only then removed, in the transaction that inserts the archived ones.
 */
final class ArchivingReplacement implements Replacement {
  private final RunContext context;
  private final Table table;
  private final Writer writer;
  private final String catalogueVersion;
  private final SegmentPlace place;
  private @Nullable Manifest sealed;

  ArchivingReplacement(
      RunContext context, Table table, Writer writer, String catalogueVersion, SegmentPlace place) {
    this.context = context;
    this.table = table;
    this.writer = writer;
    this.catalogueVersion = catalogueVersion;
    this.place = place;
  }

  @Override
  public boolean replace(Transaction transaction, Returning rows, List<Integer> differing) {
    List<Item> items = place.items();
    int width = table.key().orElseThrow().columns().size();
    PackedRows keys = new PackedRows(width);
    differing.forEach(i -> keys.add(rows.key(i), 0));
    DigestBag bag = new DigestBag(differing.size());
    try (SegmentSealer sealer = place.open(context)) {
      transaction.lookUp(
          table,
          keys,
          items,
          row -> {
            sealer.write(row.slice(width, row.width()));
            bag.add(sealer.digest().high(), sealer.digest().low(), 0);
            return true;
          });
      sealed =
          place.seal(context, sealer, "", Optional.empty(), Optional.empty(), catalogueVersion);
    }
    RowDigest digest = new RowDigest();
    transaction.removeKeys(
        table,
        keys,
        List.of(),
        items,
        new Removal.Delete(),
        row -> {
          digest.update(row, place.digestFrom(), row.width());
          return bag.claim(digest.high(), digest.low()) >= 0;
        });
    if (bag.left() > 0) {
      throw new SurpriseException("the rows to be replaced are not what was archived");
    }
    return true;
  }

  @Override
  public void committed() {
    Manifest manifest = sealed;
    sealed = null;
    if (manifest == null) {
      return;
    }
    writer.makeDurable();
    RowRanges none = RowRanges.empty();
    context
        .archive()
        .close(
            manifest,
            new Outcome(
                Manifest.VERSION,
                context.run(),
                Instant.now(context.clock()),
                List.of(new Outcome.OfSegment(none, none, none, List.of()))));
  }
}

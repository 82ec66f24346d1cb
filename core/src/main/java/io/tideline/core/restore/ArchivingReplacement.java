package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Outcome;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.Guard;
import io.tideline.core.work.Draft;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.SegmentPlace;
import io.tideline.dialect.Item;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Archives live rows before they are replaced: they are locked, judged, sealed in a segment of
 * their own, and only then removed, in the transaction that inserts the archived ones. Rows that
 * others refer to, that a hold or a {@code keep_if} protects, are left.
 */
final class ArchivingReplacement implements Replacement {
  private final RunContext context;
  private final Identity identity;
  private final Table table;
  private final Writer writer;
  private final String catalogueVersion;
  private final SegmentPlace place;
  private final Protections protections;
  private final List<Manifest> attempted = new ArrayList<>();

  /**
   * @param identity by which key rows are found
   * @param place makes segments of the table
   */
  ArchivingReplacement(
      RunContext context,
      Identity identity,
      Writer writer,
      String catalogueVersion,
      SegmentPlace place,
      Protections protections) {
    this.context = context;
    this.identity = identity;
    this.table = identity.keyed().orElse(identity.table());
    this.writer = writer;
    this.catalogueVersion = catalogueVersion;
    this.place = place;
    this.protections = protections;
  }

  private List<String> key() {
    return table.key().orElseThrow().columns();
  }

  @Override
  public Map<Integer, String> replace(
      Transaction transaction, Returning rows, List<Integer> differing) {
    Map<Integer, String> left = judge(transaction, rows, differing);
    List<Integer> going = differing.stream().filter(i -> !left.containsKey(i)).toList();
    if (!going.isEmpty()) {
      PackedRows keys = new PackedRows(key().size());
      going.forEach(i -> keys.add(rows.values(i, key()), 0));
      remove(transaction, keys, seal(transaction, keys));
    }
    return left;
  }

  private Map<Integer, String> judge(
      Transaction transaction, Returning rows, List<Integer> differing) {
    int width = key().size();
    PackedRows keys = new PackedRows(width);
    Map<ByteBuffer, Integer> positions = new HashMap<>();
    for (int i : differing) {
      keys.add(rows.values(i, key()), 0);
      positions.put(CanonicalBuffer.of(rows.values(i, key())), i);
    }
    List<String> own = identity.table().key().orElseThrow().columns();
    List<Item> items = new ArrayList<>();
    own.forEach(column -> items.add(new Item.OfColumn(column)));
    List<Guard> guards = protections.guards();
    guards.forEach(guard -> items.add(new Item.Holds(guard.condition())));
    Map<Integer, String> left = new HashMap<>();
    transaction.lookUp(
        table,
        keys,
        items,
        row -> {
          Integer at = positions.get(CanonicalBuffer.of(row.slice(0, width)));
          if (at != null) {
            why(row, width, own.size(), guards).ifPresent(why -> left.put(at, why));
          }
          return true;
        });
    return left;
  }

  private Optional<String> why(Row row, int from, int own, List<Guard> guards) {
    for (int i = 0; i < guards.size(); i++) {
      if (row.integer(from + own + i) == 0) {
        return Optional.of(Protections.why(guards.get(i)));
      }
    }
    return protections.holds().mayHold(row.slice(from, from + own))
        ? Optional.of(Protections.HELD)
        : Optional.empty();
  }

  private DigestBag seal(Transaction transaction, PackedRows keys) {
    DigestBag bag = new DigestBag(keys.size());
    try (Draft draft = place.open(context)) {
      SegmentSealer sealer = draft.rows();
      transaction.lookUp(
          table,
          keys,
          place.items(),
          row -> {
            sealer.write(row.slice(keys.width(), row.width()));
            bag.add(sealer.digest().high(), sealer.digest().low(), 0);
            return true;
          });
      draft.finish(Optional.empty());
      draft.verify();
      attempted.add(draft.seal("", Optional.empty(), catalogueVersion));
    }
    return bag;
  }

  private void remove(Transaction transaction, PackedRows keys, DigestBag bag) {
    RowDigest digest = new RowDigest();
    transaction.removeKeys(
        table,
        keys,
        protections.conditions(),
        place.items(),
        new Removal.Delete(),
        row -> {
          digest.update(row, place.digestFrom(), row.width());
          return bag.claim(digest.high(), digest.low()) >= 0;
        });
    if (bag.left() > 0) {
      throw new SurpriseException("the rows to be replaced are not what was archived");
    }
  }

  @Override
  public void committed() {
    if (!attempted.isEmpty()) {
      Patience.makeDurable(writer, Pacer.of(context));
      attempted.forEach(manifest -> close(manifest, Outcome.OfSegment.allDeleted()));
      attempted.clear();
    }
  }

  @Override
  public void rolledBack() {
    for (Manifest manifest : attempted) {
      RowRanges all = RowRanges.first((int) manifest.segments().get(0).rows());
      close(manifest, kept(all, "the restore in their place was rolled back"));
    }
    attempted.clear();
  }

  /** The outcome of rows that were to be replaced and are live. */
  static Outcome.OfSegment kept(RowRanges rows, String why) {
    RowRanges none = RowRanges.empty();
    return new Outcome.OfSegment(
        none, none, rows, none, List.of(new Outcome.KeptRows(Reason.REFUSED.word(), why, rows)));
  }

  private void close(Manifest manifest, Outcome.OfSegment outcome) {
    context.close(
        manifest,
        new Outcome(
            Manifest.VERSION, context.run(), Instant.now(context.clock()), List.of(outcome)));
  }
}

package io.tideline.core.run;

import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Item;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what became of archived rows that were in no tree when their chunk was removed: they
 * changed, belong to another tree now, or are gone.
 */
final class Leftovers {
  private static final int KEYS = 1_000;

  private final Writer writer;
  private final Shape shape;
  private final boolean resumed;
  private final RowDigest digest = new RowDigest();

  Leftovers(Writer writer, Shape shape, boolean resumed) {
    this.writer = writer;
    this.shape = shape;
    this.resumed = resumed;
  }

  void settle(TreeChunk chunk, TreeFates fates) {
    for (Member member : shape.members()) {
      chunk.copies().get(member.number()).ifPresent(copies -> settle(member, copies, fates));
    }
  }

  private void settle(Member member, SealedTable copies, TreeFates fates) {
    List<Integer> positions = new ArrayList<>();
    copies.unclaimed(positions::add);
    for (int from = 0; from < positions.size(); from += KEYS) {
      List<Integer> some = positions.subList(from, Math.min(positions.size(), from + KEYS));
      try (Transaction transaction = writer.begin(List.of(member.table()))) {
        settle(transaction, member, copies, some, fates);
      }
    }
  }

  private void settle(
      Transaction transaction,
      Member member,
      SealedTable copies,
      List<Integer> positions,
      TreeFates fates) {
    int width = member.key().columns().size();
    PackedRows keys = new PackedRows(width);
    Map<ByteBuffer, Integer> missing = new HashMap<>();
    for (int position : positions) {
      Row key = copies.rows().place(position);
      if (Verdicts.complete(key) && missing.put(CanonicalBuffer.of(key), position) == null) {
        keys.add(key, 0);
      }
    }
    List<Item> items = new ArrayList<>();
    SegmentColumns.of(member.table())
        .forEach(column -> items.add(new Item.OfColumn(column.name())));
    int from = width + (member.key().hidden() ? 1 : 0);
    transaction.lookUp(
        member.table(),
        keys,
        items,
        row -> {
          Integer position = missing.remove(CanonicalBuffer.of(row.slice(0, width)));
          if (position != null) {
            digest.update(row, from, row.width());
            live(member, copies, position, fates);
          }
          return true;
        });
    if (!resumed) {
      missing.values().forEach(position -> fates.of(member).gone(position));
    }
  }

  private void live(Member member, SealedTable copies, int position, TreeFates fates) {
    boolean same =
        digest.high() == copies.rows().high(position)
            && digest.low() == copies.rows().low(position);
    if (same) {
      fates.kept(member, copies, position, new Stay(Reason.FRESH, "in no expired tree any more"));
    } else if (resumed) {
      fates.of(member).differs(position);
    } else {
      fates.kept(member, copies, position, new Stay(Reason.CHANGED, ""));
    }
  }
}

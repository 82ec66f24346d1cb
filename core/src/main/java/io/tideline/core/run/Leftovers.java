package io.tideline.core.run;

import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.dialect.Item;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
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

  /** The row changed and was found in another tree while the chunk was read: that copy counts. */
  private static final Stay AGAIN = new Stay(Reason.CHANGED, "archived again");

  private final Writer writer;
  private final Shape shape;
  private final boolean resumed;
  private final Pacer pacer;
  private final Stay same;
  private final RowDigest digest = new RowDigest();

  Leftovers(Writer writer, Shape shape, boolean resumed, Pacer pacer) {
    this(writer, shape, resumed, pacer, new Stay(Reason.FRESH, "in no expired tree any more"));
  }

  /**
   * @param same why rows stay that are as they were archived
   */
  Leftovers(Writer writer, Shape shape, boolean resumed, Pacer pacer, Stay same) {
    this.same = same;
    this.writer = writer;
    this.shape = shape;
    this.resumed = resumed;
    this.pacer = pacer;
  }

  void settle(TreeChunk chunk, TreeFates fates) {
    for (Member member : shape.members()) {
      chunk.copies().get(member.number()).ifPresent(copies -> settle(chunk, member, copies, fates));
    }
  }

  private void settle(TreeChunk chunk, Member member, SealedTable copies, TreeFates fates) {
    List<Integer> positions = new ArrayList<>();
    copies.unclaimed(positions::add);
    for (int from = 0; from < positions.size(); from += KEYS) {
      List<Integer> some = positions.subList(from, Math.min(positions.size(), from + KEYS));
      try (Transaction transaction = Patience.begin(writer, List.of(member.table()), pacer)) {
        // One tree is found in one go: it holds no row twice.
        settle(transaction, member, copies, some, !chunk.stepwise(), fates);
      }
    }
  }

  private void settle(
      Transaction transaction,
      Member member,
      SealedTable copies,
      List<Integer> positions,
      boolean twice,
      TreeFates fates) {
    Map<ByteBuffer, Integer> missing = new HashMap<>();
    for (int position : positions) {
      ByteBuffer key = CanonicalBuffer.of(copies.rows().place(position));
      Integer older = missing.put(key, position);
      if (older != null) {
        fates.kept(member, copies, older, AGAIN);
      }
    }
    if (twice) {
      copies.eachClaimed(
          position -> {
            Integer older = missing.remove(CanonicalBuffer.of(copies.rows().place(position)));
            if (older != null) {
              fates.kept(member, copies, older, AGAIN);
            }
          });
    }
    if (!lookUp(transaction, member, copies, missing, fates)) {
      for (Map.Entry<ByteBuffer, Integer> each : Map.copyOf(missing).entrySet()) {
        Map<ByteBuffer, Integer> one = new HashMap<>(Map.of(each.getKey(), each.getValue()));
        lookUp(transaction, member, copies, one, fates);
        if (one.isEmpty()) {
          missing.remove(each.getKey());
        }
      }
    }
    if (!resumed) {
      missing.values().forEach(position -> fates.of(member).gone(position));
    }
  }

  /**
   * Looks rows up and takes out those found; one that was asked for alone is found whatever its key
   * looks like now.
   *
   * @return false if a row's key is equal to one asked for by the database's rules alone
   */
  private boolean lookUp(
      Transaction transaction,
      Member member,
      SealedTable copies,
      Map<ByteBuffer, Integer> missing,
      TreeFates fates) {
    int width = member.key().columns().size();
    PackedRows keys = new PackedRows(width);
    missing.values().forEach(position -> keys.add(copies.rows().place(position), 0));
    List<ByteBuffer> asked = List.copyOf(missing.keySet());
    List<Item> items = new ArrayList<>();
    SegmentColumns.of(member.table())
        .forEach(column -> items.add(new Item.OfColumn(column.name())));
    int from = width + (member.key().hidden() ? 1 : 0);
    boolean[] all = {true};
    transaction.lookUp(
        member.table(),
        keys,
        items,
        row -> {
          ByteBuffer key =
              asked.size() == 1 ? asked.get(0) : CanonicalBuffer.of(row.slice(0, width));
          Integer position = missing.remove(key);
          if (position == null) {
            all[0] = false;
          } else {
            digest.update(row, from, row.width());
            live(member, copies, position, fates);
          }
          return true;
        });
    return all[0];
  }

  private void live(Member member, SealedTable copies, int position, TreeFates fates) {
    boolean unchanged =
        digest.high() == copies.rows().high(position)
            && digest.low() == copies.rows().low(position);
    if (unchanged) {
      fates.kept(member, copies, position, same);
    } else if (resumed) {
      fates.of(member).differs(position);
    } else {
      fates.kept(member, copies, position, new Stay(Reason.CHANGED, ""));
    }
  }
}

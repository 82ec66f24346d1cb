package io.tideline.core.run;

import io.tideline.core.archive.SegmentColumns;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.dialect.Database;
import io.tideline.dialect.Item;
import io.tideline.dialect.Lookups;
import io.tideline.dialect.Reader;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out what became of archived rows that were in no tree when their chunk was removed: they
 * changed, belong to another tree now, or are gone.
 */
final class Leftovers {
  private static final int KEYS = 1_000;

  /** The row changed and was found in another tree while the chunk was read: that copy counts. */
  private static final Stay AGAIN = new Stay(Reason.CHANGED, "archived again");

  private static final int TRIES = 5;
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Database database;
  private final Writer writer;
  private final Shape shape;
  private final boolean resumed;
  private final Pacer pacer;
  private final Stay same;
  private final RowDigest digest = new RowDigest();

  Leftovers(Database database, Writer writer, Shape shape, boolean resumed, Pacer pacer) {
    this(
        database,
        writer,
        shape,
        resumed,
        pacer,
        new Stay(Reason.FRESH, "in no expired tree any more"));
  }

  /**
   * @param same why rows stay that are as they were archived
   */
  Leftovers(
      Database database, Writer writer, Shape shape, boolean resumed, Pacer pacer, Stay same) {
    this.database = database;
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
      settle(member, copies, newest(member, copies, some, !chunk.stepwise(), fates), fates);
    }
  }

  /**
   * The positions of copies by their keys; of a row that has several only the newest counts.
   *
   * @param twice whether there may be several: one tree is found in one go, and holds no row twice
   */
  private static Map<ByteBuffer, Integer> newest(
      Member member, SealedTable copies, List<Integer> positions, boolean twice, TreeFates fates) {
    Map<ByteBuffer, Integer> newest = new HashMap<>();
    for (int position : positions) {
      ByteBuffer key = CanonicalBuffer.of(copies.rows().place(position));
      Integer older = newest.put(key, position);
      if (older != null) {
        fates.kept(member, copies, older, AGAIN);
      }
    }
    if (twice) {
      copies.eachClaimed(
          position -> {
            Integer older = newest.remove(CanonicalBuffer.of(copies.rows().place(position)));
            if (older != null) {
              fates.kept(member, copies, older, AGAIN);
            }
          });
    }
    return newest;
  }

  /**
   * Only what is missing under lock is gone. A row that somebody holds is live, so it is read
   * without a lock, and the others are sought under lock again.
   */
  private void settle(
      Member member, SealedTable copies, Map<ByteBuffer, Integer> missing, TreeFates fates) {
    Optional<RefusedException> refused = underLock(member, copies, missing, fates);
    for (int attempt = 1; refused.isPresent(); attempt++) {
      if (attempt == TRIES) {
        throw held(member, refused.get());
      }
      pacer.wait(
          "the database asks to try again: " + refused.get().getMessage(),
          PAUSE.multipliedBy(attempt));
      try (Reader reader = database.openReader()) {
        lookUpAll(reader, member, copies, missing, fates);
      }
      refused = underLock(member, copies, missing, fates);
    }
    if (!resumed) {
      missing.values().forEach(position -> fates.of(member).gone(position));
    }
  }

  private Optional<RefusedException> underLock(
      Member member, SealedTable copies, Map<ByteBuffer, Integer> missing, TreeFates fates) {
    try (Transaction transaction = Patience.begin(writer, List.of(member.table()), pacer)) {
      lookUpAll(transaction, member, copies, missing, fates);
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(e);
    }
  }

  private static TidelineException held(Member member, RefusedException refused) {
    return new TidelineException(
        ErrorCode.DATABASE_BUSY,
        "Cannot find out what became of archived rows of "
            + member.table().name()
            + ": "
            + refused.getMessage()
            + ".",
        "Their copies are sealed, and their manifest is in doubt.",
        "Run the same command again when the rows are free.",
        refused);
  }

  private void lookUpAll(
      Lookups lookups,
      Member member,
      SealedTable copies,
      Map<ByteBuffer, Integer> missing,
      TreeFates fates) {
    if (!lookUp(lookups, member, copies, missing, fates)) {
      for (Map.Entry<ByteBuffer, Integer> each : Map.copyOf(missing).entrySet()) {
        Map<ByteBuffer, Integer> one = new HashMap<>(Map.of(each.getKey(), each.getValue()));
        lookUp(lookups, member, copies, one, fates);
        if (one.isEmpty()) {
          missing.remove(each.getKey());
        }
      }
    }
  }

  /**
   * Looks rows up and takes out those found; one that was asked for alone is found whatever its key
   * looks like now.
   *
   * @return false if a row's key is equal to one asked for by the database's rules alone
   */
  private boolean lookUp(
      Lookups lookups,
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
    lookups.lookUp(
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

package io.tideline.core.run;

import io.tideline.core.closure.Closure;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Found;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.closure.Twigs;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Removes some rows of a large tree in one transaction, before the rest of it: the roots still may
 * go, the rows are as they were archived, nothing protects them, and no live row refers to them.
 */
final class TreeStep {
  private final RunContext context;
  private final Writer writer;
  private final ShapeNow now;
  private final Pacer pacer;
  private final TreeChunk chunk;
  private final LongConsumer removed;

  /**
   * @param chunk the tree, with its copies
   * @param removed hears after each commit how many rows it removed
   */
  TreeStep(
      RunContext context,
      Writer writer,
      ShapeNow now,
      Pacer pacer,
      TreeChunk chunk,
      LongConsumer removed) {
    this.context = context;
    this.writer = writer;
    this.now = now;
    this.pacer = pacer;
    this.chunk = chunk;
    this.removed = removed;
  }

  /**
   * What came of it.
   *
   * @param stop why the tree must not go; empty if it may
   * @param early whether nothing was removed since rows of the same tables that are still live
   *     refer to these
   */
  record Result(Optional<Stay> stop, boolean early) {
    private static final Result DONE = new Result(Optional.empty(), false);
    private static final Result EARLY = new Result(Optional.empty(), true);

    static Result stop(Stay why) {
      return new Result(Optional.of(why), false);
    }
  }

  /**
   * Removes rows; copies of those removed are claimed afterwards.
   *
   * @param group the tables that refer to each other, of which the rows are
   * @param positions where the rows stand in the segments of their tables
   * @param hurried whether to wait for locks but briefly
   */
  Result remove(List<Integer> group, Map<Integer, int[]> positions, boolean hurried) {
    now.refresh();
    Attempt attempt = new Attempt(now.shape());
    Result result;
    long started;
    try (Transaction transaction =
        Patience.begin(writer, now.shape().tables(), now.shape().unenforced(), pacer)) {
      started = System.nanoTime();
      if (hurried) {
        transaction.waitBriefly();
      }
      now.requireSame(transaction, chunk.catalogueVersion());
      result = attempt.remove(transaction, group, positions);
      if (attempt.gone > 0) {
        commit(transaction);
      }
    }
    attempt.claim();
    removed.accept(attempt.gone);
    context.listener().on(new RunEvent.Progressed(0, attempt.gone));
    pacer.held(System.nanoTime() - started, (int) Math.max(1, attempt.gone));
    return result;
  }

  private void commit(Transaction transaction) {
    context.listener().stepped(Step.BATCH_DELETED);
    if (now.holdsChanged()) {
      throw new RefusedException("a hold was placed or released", true);
    }
    transaction.commit(false);
    context.listener().stepped(Step.BATCH_COMMITTED);
  }

  private SealedTable copies(int member) {
    return chunk.copies().get(member).orElseThrow();
  }

  /** The transaction's view of the rows. */
  private final class Attempt {
    private final Shape shape;
    private final Map<Integer, Twigs> twigs = new LinkedHashMap<>();
    private final Map<Integer, Set<ByteBuffer>> keys = new HashMap<>();
    private final Map<Integer, BitSet> found = new HashMap<>();
    private final LostReferences lost;
    private @Nullable Stay stop;
    private boolean early;
    private long gone;

    Attempt(Shape shape) {
      this.shape = shape;
      this.lost = new LostReferences(shape, chunk);
    }

    Result remove(Transaction transaction, List<Integer> group, Map<Integer, int[]> positions) {
      stop = roots(transaction).orElse(null);
      positions.forEach(
          (number, some) -> {
            if (stop == null) {
              look(transaction, shape.members().get(number), some);
            }
          });
      twigs.forEach(
          (number, rows) -> {
            if (stop == null) {
              rows.referrers(referrer -> refers(group, referrer));
            }
          });
      if (stop != null) {
        return Result.stop(stop);
      }
      if (early) {
        return Result.EARLY;
      }
      if (found.values().stream().anyMatch(each -> !each.isEmpty())) {
        TreeRemoval removal =
            new TreeRemoval(transaction, shape, context.now(), (member, high, low) -> false);
        if (shape.cyclic(group)) {
          transaction.deferConstraints();
        }
        removal.detach(lost.keys());
        removal.remove(group, this::keys);
        gone = removal.prove();
      }
      return Result.DONE;
    }

    private PackedRows keys(Member member) {
      Twigs rows = twigs.get(member.number());
      return rows == null ? new PackedRows(0) : rows.keys();
    }

    /** Why a root may not go any more; locks them. */
    private Optional<Stay> roots(Transaction transaction) {
      PackedRows keys = chunk.rootsLeft();
      Forest forest = new Closure(shape, transaction, Optional.empty()).rootsAlone(keys);
      if (forest.roots().size() < keys.size()) {
        return Optional.of(StepwiseDeleter.ROOT_GONE);
      }
      for (int root = 0; root < forest.roots().size(); root++) {
        if (forest.stay(root).isPresent()) {
          return forest.stay(root);
        }
        if (!copies(0).has(forest.roots().high(root), forest.roots().low(root))) {
          return Optional.of(new Stay(Reason.CHANGED, ""));
        }
      }
      return Optional.empty();
    }

    private void look(Transaction transaction, Member member, int[] positions) {
      SealedTable copies = copies(member.number());
      PackedRows wanted = new PackedRows(member.key().columns().size());
      Map<ByteBuffer, Integer> known = new HashMap<>();
      for (int position : positions) {
        Row key = copies.rows().place(position);
        wanted.add(key, 0);
        known.put(CanonicalBuffer.of(key), position);
      }
      Twigs rows = new Twigs(shape, member, transaction, wanted);
      BitSet live = new BitSet();
      for (int i = 0; i < rows.found().size(); i++) {
        Integer position = known.get(CanonicalBuffer.of(rows.found().key(i)));
        if (position == null || !same(copies, position, rows.found(), i)) {
          stop = new Stay(Reason.CHANGED, "");
          return;
        }
        live.set(position);
      }
      stop = rows.stay().orElse(null);
      twigs.put(member.number(), rows);
      keys.put(member.number(), known.keySet());
      found.put(member.number(), live);
    }

    private static boolean same(SealedTable copies, int position, Found found, int row) {
      return copies.rows().high(position) == found.high(row)
          && copies.rows().low(position) == found.low(row);
    }

    /** A row that refers to one of these must go with it, go first, or lose the reference. */
    private void refers(List<Integer> group, Twigs.Referrer referrer) {
      Edge edge = referrer.edge();
      if (keys.getOrDefault(edge.child(), Set.of()).contains(CanonicalBuffer.of(referrer.key()))) {
        return;
      }
      boolean ours =
          chunk
              .copies()
              .get(edge.child())
              .filter(copies -> copies.has(referrer.high(), referrer.low()))
              .isPresent();
      if (ours && group.contains(edge.child())) {
        early = true;
      } else if (stop == null && !ours && edge.effect() == Edge.Effect.DETACH) {
        stop = lost.add(referrer).orElse(null);
      } else if (stop == null) {
        boolean follows = edge.follows();
        stop = new Stay(follows ? Reason.CHANGED : Reason.REFERRED_TO, edge.key().display());
      }
    }

    void claim() {
      if (gone > 0) {
        found.forEach((number, rows) -> rows.stream().forEach(copies(number)::take));
        lost.claim();
      }
    }
  }
}

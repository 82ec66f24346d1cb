package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.closure.Closure;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.restore.PutBack;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.plan.Reason;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/**
 * Removes a tree that is too large for one transaction: its rows go in several, those that refer to
 * others first, the roots last. If it turns out that the tree must not go, what went is put back.
 */
final class StepwiseDeleter {
  static final Stay ROOT_GONE = new Stay(Reason.CHANGED, "a root is gone");
  private static final String TOGETHER = "rows that refer to each other";

  private final RunContext context;
  private final Writer writer;
  private final ShapeNow now;
  private final Pacer pacer;
  private final WholeTrees whole;
  private final LongConsumer removed;

  /**
   * @param whole removes what is left of a tree at last
   * @param removed hears after each commit how many rows it removed, and how many came back
   */
  StepwiseDeleter(
      RunContext context,
      Writer writer,
      ShapeNow now,
      Pacer pacer,
      WholeTrees whole,
      LongConsumer removed) {
    this.context = context;
    this.writer = writer;
    this.now = now;
    this.pacer = pacer;
    this.whole = whole;
    this.removed = removed;
  }

  /**
   * Removes the tree of a chunk, or puts it back, until the run shall stop: the manifest stays in
   * doubt then, and the next run puts back what went.
   *
   * @return what became of each row; empty if it stopped before the end
   */
  Optional<TreeFates> remove(TreeChunk sealed) {
    Manifest manifest = sealed.manifest().orElseThrow();
    SealedCopies copies = new SealedCopies(context, manifest);
    TreeChunk chunk = sealed.with(copies.tables(now.shape()), copies.references(now.shape()));
    Optional<Stay> stop = look(chunk).or(() -> steps(copies, chunk));
    if (stop.isEmpty() && stopping()) {
      return Optional.empty();
    }
    stop = stop.or(() -> rest(chunk));
    TreeFates fates = new TreeFates(now.shape());
    if (stop.isEmpty()) {
      new Leftovers(context.database(), writer, now.shape(), false, pacer).settle(chunk, fates);
    } else {
      if (!putBack(manifest, chunk, stop.get()) && stopping()) {
        return Optional.empty();
      }
      tellRoots(chunk, stop.get(), fates);
      new Leftovers(context.database(), writer, now.shape(), false, pacer, stop.get())
          .settle(chunk, fates);
    }
    return Optional.of(fates);
  }

  private boolean stopping() {
    return context.control().stopping();
  }

  /** Looks at the whole tree once, before anything of it goes. */
  private Optional<Stay> look(TreeChunk chunk) {
    try (Reader reader = context.database().openReader()) {
      return WholeTrees.staying(chunk, whole.look(reader, chunk));
    }
  }

  /**
   * Removes all rows but the last roots, and those that these refer to. The roots' tables come last
   * of all, and there what comes last is a root: everything else leads to one.
   */
  private Optional<Stay> steps(SealedCopies copies, TreeChunk chunk) {
    TreeStep step = new TreeStep(context, writer, now, pacer, chunk, removed);
    Shape shape = now.shape();
    Optional<Stay> stop = Optional.empty();
    for (List<Integer> group : shape.groups()) {
      if (stop.isEmpty() && !stopping()) {
        stop = steps(step, GroupRows.of(copies, shape, group, chunk));
      }
    }
    return stop;
  }

  private Optional<Stay> steps(TreeStep step, GroupRows rows) {
    List<int[]> early = new ArrayList<>();
    boolean roots = rows.group().contains(0);
    int most = now.shape().rule().policy().maxTree();
    for (int from = 0; from < rows.order().size(); ) {
      int to = rows.order().end(from, Math.min(most, pacer.batch()));
      if (to - from > most) {
        return Optional.of(new Stay(Reason.TREE_TOO_LARGE, TOGETHER));
      }
      if (roots && to == rows.order().size()) {
        break;
      }
      int[] some = rows.rows(from, to);
      TreeStep.Result result = step(step, rows.group(), rows.positions(some));
      if (result.stop().isPresent() || stopping()) {
        return result.stop();
      }
      if (result.early()) {
        early.add(some);
      }
      from = to;
    }
    return early.isEmpty() ? Optional.empty() : together(step, rows, early, most);
  }

  /** Rows that the engine's rules make refer to each other. */
  private Optional<Stay> together(TreeStep step, GroupRows rows, List<int[]> early, int most) {
    int[] together = early.stream().flatMapToInt(IntStream::of).toArray();
    if (together.length > most) {
      return Optional.of(new Stay(Reason.TREE_TOO_LARGE, TOGETHER));
    }
    if (rows.group().contains(0)) {
      return Optional.empty(); // they go with the roots
    }
    TreeStep.Result result = step(step, rows.group(), rows.positions(together));
    return result.early() ? Optional.of(new Stay(Reason.CHANGED, TOGETHER)) : result.stop();
  }

  private TreeStep.Result step(TreeStep step, List<Integer> group, Map<Integer, int[]> rows) {
    AtomicReference<TreeStep.Result> result = new AtomicReference<>();
    Optional<RuntimeException> refused =
        new Tries(pacer).run(true, hurried -> result.set(step.remove(group, rows, hurried)));
    return refused.map(e -> TreeStep.Result.stop(refused(e))).orElseGet(result::get);
  }

  private static Stay refused(RuntimeException why) {
    return new Stay(Reason.REFUSED, String.valueOf(why.getMessage()));
  }

  /** Removes the roots that are left and what is left with them, as smaller trees: all or none. */
  private Optional<Stay> rest(TreeChunk sealed) {
    List<Stay> stays = new ArrayList<>();
    TreeChunk chunk = sealed.rest();
    Optional<RuntimeException> refused =
        new Tries(pacer)
            .run(
                true,
                hurried -> {
                  Claimed claimed = new Claimed(chunk);
                  Forest forest = whole.remove(chunk, chunk.trees(), hurried, claimed);
                  WholeTrees.staying(chunk, forest)
                      .ifPresent(
                          why -> {
                            claimed.release();
                            stays.add(why);
                          });
                });
    return refused.map(StepwiseDeleter::refused).or(() -> stays.stream().findFirst());
  }

  /**
   * Puts back what went; what cannot come back stays in the archive's view.
   *
   * @return whether all of it is live again
   */
  private boolean putBack(Manifest manifest, TreeChunk chunk, Stay why) {
    List<BitSet> went = new ArrayList<>();
    for (Manifest.Segment segment : manifest.segments()) {
      went.add(table(chunk, segment).map(SealedTable::claimed).orElseGet(BitSet::new));
    }
    long gone = went.stream().mapToLong(BitSet::cardinality).sum();
    if (gone == 0) {
      return true;
    }
    PutBack back = new PutBack(context, writer);
    List<BitSet> live = back.missing(manifest, went);
    long returned = 0;
    for (int i = 0; i < live.size(); i++) {
      BitSet left = went.get(i);
      left.andNot(live.get(i));
      returned += live.get(i).cardinality();
      table(chunk, manifest.segments().get(i)).ifPresent(each -> each.releaseAllBut(left));
    }
    removed.accept(-returned);
    context.listener().on(new RunEvent.Noted(PutBack.told(manifest, why.reason(), returned, gone)));
    if (returned == gone || !stopping()) {
      back.references(manifest, lost(manifest, chunk));
    }
    return returned == gone;
  }

  /** The references of each file of detached values that rows lost. */
  private List<BitSet> lost(Manifest manifest, TreeChunk chunk) {
    List<BitSet> lost = new ArrayList<>();
    for (int file = 0; file < manifest.detached().size(); file++) {
      lost.add(
          SealedCopies.edge(manifest, file, now.shape())
              .flatMap(edge -> chunk.detached().get(edge))
              .map(SealedTable::claimed)
              .orElseGet(BitSet::new));
    }
    return lost;
  }

  private Optional<SealedTable> table(TreeChunk chunk, Manifest.Segment segment) {
    return now.shape().members().stream()
        .filter(member -> member.table().name().equals(segment.table()))
        .findFirst()
        .flatMap(member -> chunk.copies().get(member.number()));
  }

  private void tellRoots(TreeChunk chunk, Stay why, TreeFates fates) {
    try (Reader reader = context.database().openReader()) {
      Forest forest =
          new Closure(now.shape(), reader, Optional.empty())
              .rootsAlone(chunk.trees().get(0).roots());
      for (int root = 0; root < forest.roots().size(); root++) {
        int at = root;
        fates.kept(why, () -> forest.rootKey(at));
      }
    }
  }
}

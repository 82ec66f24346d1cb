package io.tideline.core.run;

import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.TreeFinder;
import io.tideline.core.plan.Tally;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.Source;
import io.tideline.dialect.Reader;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Finds expired trees, a slice of roots at a time, and writes the rows that are archived to
 * segments. How many roots a slice takes follows from how many rows they had. A tree that goes
 * stepwise is a chunk of its own, after those that refer to it.
 */
final class TreeSource implements Source<PendingChunk<TreeChunk>> {
  /** The rows of a chunk: its keys and digests are held until its trees are gone. */
  private static final int CHUNK = 60_000;

  private static final int SLICE = 10_000;
  private static final int FIRST_ROOTS = 8;
  private static final int MOST_ROOTS = 5_000;

  private final RunContext context;
  private final Shape shape;
  private final Walker walker;
  private final Reader reader;
  private final TreeFinder finder;
  private final TreeSegments segments;
  private final Tally stays;
  private final int chunk;
  private final Deque<Cut> cuts = new ArrayDeque<>();
  private int roots = FIRST_ROOTS;
  private long each = 1;

  /** Trees of a forest that go into one chunk. */
  private record Cut(Forest forest, BitSet trees, boolean stepwise) {}

  /**
   * @param shape the tables; its rows need not be read whole
   * @param numbers gives each manifest its number within the run
   * @param stays counts the trees that stay because rows refer to them
   */
  TreeSource(
      RunContext context,
      Shape shape,
      RuleRun run,
      Walker walker,
      Reader reader,
      IntSupplier numbers,
      Tally stays) {
    this.stays = stays;
    this.context = context;
    this.chunk = context.pace().offline() ? context.database().largestTransaction() : CHUNK;
    this.shape = shape;
    this.walker = walker;
    this.reader = reader;
    this.finder = new TreeFinder(shape, reader);
    this.segments = new TreeSegments(context, shape, run, reader, numbers);
  }

  @Override
  public Optional<PendingChunk<TreeChunk>> next() {
    while (!context.control().stopping()) {
      Cut cut = cuts.peek();
      if (cut == null) {
        context.control().waitWhilePaused(context.listener());
        if (!large() && (walker.ended() || segments.rows() >= chunk || !more() || !slice())) {
          break;
        }
      } else if (cut.stepwise() && !segments.isEmpty()) {
        break;
      } else {
        cuts.remove();
        write(cut);
        if (cut.stepwise()) {
          return Optional.of(segments.finish(true));
        }
      }
    }
    return segments.isEmpty() ? Optional.empty() : Optional.of(segments.finish(false));
  }

  /** Finds the next tree that goes stepwise. */
  private boolean large() {
    Optional<Forest> forest = finder.next();
    forest.ifPresent(this::cut);
    return forest.isPresent();
  }

  /** A chunk that is begun goes on its way; what comes after it waits for the next run. */
  private boolean more() {
    return context.control().more();
  }

  /** Finds the trees of more roots. */
  private boolean slice() {
    long began = System.nanoTime();
    PackedRows keys = new PackedRows(shape.root().key().columns().size());
    long most = Math.max(1, Math.min(roots, context.control().left() / each));
    while (keys.size() == 0 && !walker.ended() && !context.control().stopping()) {
      walker.slice(
          row -> {
            Row key = walker.key();
            if (finder.add(key)) {
              keys.add(key, 0);
            }
            return keys.size() < most;
          });
    }
    if (keys.size() > 0) {
      Forest forest = finder.find(keys);
      adapt(forest);
      cut(forest);
      Pacer.breathe(context, System.nanoTime() - began);
    }
    return keys.size() > 0;
  }

  private void adapt(Forest forest) {
    int found = Math.max(1, forest.roots().size());
    each = Math.max(1, forest.rows() / found);
    roots = (int) Math.max(1, Math.min(Math.min(MOST_ROOTS, roots * 4L), SLICE / each));
  }

  /** Keeps the order of the trees: those that refer to others are removed first. */
  private void cut(Forest forest) {
    tell(forest);
    forest.going().forEach(tree -> context.control().took(forest.size(tree)));
    BitSet small = new BitSet();
    for (int tree : forest.going()) {
      if (forest.large(tree)) {
        add(forest, small);
        small = new BitSet();
        BitSet alone = new BitSet();
        alone.set(tree);
        cuts.add(new Cut(forest, alone, true));
      } else {
        small.set(tree);
      }
    }
    add(forest, small);
  }

  private void tell(Forest forest) {
    for (int root = 0; root < forest.roots().size(); root++) {
      int at = root;
      if (!forest.staysByItself(root)) {
        forest
            .toldOf(root)
            .filter(why -> why.reason() == Reason.REFERRED_TO)
            .ifPresent(why -> stays.stays(why, () -> forest.rootKey(at)));
      }
    }
  }

  private void add(Forest forest, BitSet trees) {
    if (!trees.isEmpty()) {
      cuts.add(new Cut(forest, trees, false));
    }
  }

  private void write(Cut cut) {
    long began = System.nanoTime();
    long archived = segments.write(cut.forest(), cut.trees(), cut.stepwise());
    context.listener().on(new RunEvent.Progressed(archived, 0));
    context.listener().stepped(Step.SLICE_ARCHIVED);
    Pacer.breathe(context, System.nanoTime() - began);
  }

  @Override
  public void close() {
    try (reader;
        segments) {
      cuts.clear();
    }
  }
}

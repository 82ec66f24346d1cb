package io.tideline.core.run;

import io.tideline.catalogue.TableName;
import io.tideline.core.closure.Closure;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Found;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.Relaxation;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.Reader;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Removes whole trees in short transactions. Inside each the trees are found anew from their roots,
 * under lock; a tree with a row that has no copy, or another one than was archived, stays whole.
 * Where the database refuses, the batch is split until one tree stands alone.
 */
final class TreeDeleter {
  private static final int TRIES = 5;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** How many times in all the trees of one batch whose rows others hold are waited for. */
  private static final int WAITS = 10;

  private final RunContext context;
  private final Writer writer;
  private final ShapeNow now;
  private final Pacer pacer;
  private final boolean resumed;
  private final LongConsumer removed;
  private final Relaxation relaxation;
  private boolean hurried;
  private int waits;

  /**
   * @param resumed whether the chunk is of an interrupted run: then a missing row counts as removed
   * @param removed hears after each batch how many rows it removed
   */
  TreeDeleter(
      RunContext context,
      Writer writer,
      ShapeNow now,
      Pacer pacer,
      boolean resumed,
      LongConsumer removed) {
    this.context = context;
    this.writer = writer;
    this.now = now;
    this.pacer = pacer;
    this.resumed = resumed;
    this.removed = removed;
    this.relaxation = new Relaxation(writer, context.pace());
  }

  /**
   * Removes a chunk's trees, until the run shall stop.
   *
   * @return what became of each row; empty if it stopped before the end
   * @throws CatalogueChanged if a table is not what it was; rows not yet removed are still there
   */
  Optional<TreeFates> remove(TreeChunk chunk) {
    TreeFates fates = new TreeFates(now.shape());
    List<TreeChunk.Tree> trees = chunk.trees();
    for (int from = 0; from < trees.size(); ) {
      if (context.stopping().get()) {
        return Optional.empty();
      }
      int to = from + 1;
      long rows = trees.get(from).rows();
      while (to < trees.size() && rows + trees.get(to).rows() <= pacer.batch()) {
        rows += trees.get(to++).rows();
      }
      hurried = false;
      waits = WAITS;
      remove(chunk, from, to, fates);
      relaxation.maybe();
      from = to;
    }
    new Leftovers(context.database(), writer, now.shape(), resumed, pacer).settle(chunk, fates);
    return Optional.of(fates);
  }

  private void remove(TreeChunk chunk, int from, int to, TreeFates fates) {
    Optional<RuntimeException> refused = Optional.empty();
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      refused = attempt(chunk, from, to, fates);
      if (refused.isEmpty()) {
        return;
      }
      boolean passing = refused.get() instanceof RefusedException r && r.passing();
      hurried = hurried || passing;
      if (!passing || to - from > 1 || waits-- <= 0) {
        break;
      }
      pacer.wait(
          "the database asks to try again: " + refused.get().getMessage(),
          PATIENCE.multipliedBy(attempt));
    }
    if (to - from > 1) {
      int middle = (from + to) >>> 1;
      remove(chunk, from, middle, fates);
      remove(chunk, middle, to, fates);
      return;
    }
    String why = String.valueOf(refused.map(Throwable::getMessage).orElse(""));
    refuse(chunk, chunk.trees().get(from), new Stay(Reason.REFUSED, why), fates);
  }

  /** Tells which rows of a tree that the database refuses to give stay. */
  private void refuse(TreeChunk chunk, TreeChunk.Tree tree, Stay why, TreeFates fates) {
    try (Reader reader = context.database().openReader()) { // a lock would be refused again
      Forest forest = new Closure(now.shape(), reader, Optional.empty()).of(tree.roots());
      for (int root = 0; root < forest.roots().size(); root++) {
        int at = root;
        fates.kept(why, () -> forest.rootKey(at));
      }
      Claimed claimed = new Claimed(chunk);
      claimed.claim(forest, any -> true);
      claimed.tell((member, copies, position) -> fates.kept(member, copies, position, why));
    }
  }

  private Optional<RuntimeException> attempt(TreeChunk chunk, int from, int to, TreeFates fates) {
    now.refresh();
    Claimed claimed = new Claimed(chunk);
    Forest forest;
    long gone;
    long started;
    try (Transaction transaction = Patience.begin(writer, now.shape().tables(), pacer)) {
      started = System.nanoTime();
      if (hurried) {
        transaction.waitBriefly();
      }
      now.requireSame(transaction, chunk.catalogueVersion());
      forest = forest(transaction, chunk, from, to);
      keepUnlessArchived(chunk, forest);
      claimed.claim(forest, tree -> true);
      gone = delete(transaction, forest);
      if (gone > 0) {
        commit(transaction);
      }
    } catch (RefusedException | SurpriseException e) {
      claimed.release();
      return Optional.of(e);
    } catch (TidelineException e) {
      claimed.release();
      if (e.code() != ErrorCode.DATABASE_BUSY) {
        throw e;
      }
      return Optional.of(new RefusedException(e.what(), true, e));
    } catch (RuntimeException e) {
      claimed.release();
      throw e;
    }
    claimed.tellStaying(forest, fates);
    tellTrees(forest, fates);
    removed.accept(gone);
    context.listener().on(new RunEvent.Progressed(0, gone));
    pacer.held(System.nanoTime() - started, (int) Math.max(1, gone));
    return Optional.empty();
  }

  private Forest forest(Transaction transaction, TreeChunk chunk, int from, int to) {
    PackedRows roots = new PackedRows(now.shape().root().key().columns().size());
    for (TreeChunk.Tree tree : chunk.trees().subList(from, to)) {
      Row key = new Row(roots.width());
      for (int i = 0; i < tree.roots().size(); i++) {
        tree.roots().get(i, key);
        roots.add(key, 0);
      }
    }
    return new Closure(now.shape(), transaction, Optional.empty()).of(roots);
  }

  /** A tree with a row that is not archived as it is now stays. */
  private static void keepUnlessArchived(TreeChunk chunk, Forest forest) {
    Claimed probe = new Claimed(chunk);
    boolean changed = false;
    for (Member member : forest.shape().members()) {
      Found found = forest.found(member);
      for (int i = 0; member.archived() && i < found.size(); i++) {
        int tree = forest.tree(member, i);
        if (forest.stay(tree).isEmpty() && !probe.claim(member, found, i)) {
          forest.keep(tree, new Stay(Reason.CHANGED, ""));
          changed = true;
        }
      }
    }
    RowDigest digest = new RowDigest();
    for (Forest.Detached each : forest.detached()) {
      digest.update(each.record(), 0, each.record().width());
      Optional<SealedTable> copies =
          chunk.detached().get(forest.shape().edges().indexOf(each.edge()));
      if (copies.filter(t -> t.has(digest.high(), digest.low())).isEmpty()) {
        forest.keep(each.root(), new Stay(Reason.CHANGED, each.edge().key().display()));
        changed = true;
      }
    }
    probe.release();
    if (changed) {
      forest.settle();
    }
  }

  private static void tellTrees(Forest forest, TreeFates fates) {
    for (int root = 0; root < forest.roots().size(); root++) {
      int at = root;
      forest.stay(forest.tree(root)).ifPresent(why -> fates.kept(why, () -> forest.rootKey(at)));
    }
  }

  /** Removes the rows of the trees that go; the number of rows. */
  private long delete(Transaction transaction, Forest forest) {
    Shape shape = forest.shape();
    if (forest.going().isEmpty()) {
      return 0;
    }
    if (shape.groups().stream().anyMatch(shape::cyclic)) {
      transaction.deferConstraints();
    }
    detach(transaction, forest);
    Map<TableName, Long> ours = new HashMap<>();
    List<Doomed> all = new ArrayList<>();
    for (List<Integer> group : shape.groups()) {
      List<Doomed> doomed = new ArrayList<>();
      for (int number : group) {
        Member member = shape.members().get(number);
        PackedRows keys = forest.keys(member, tree -> forest.stay(tree).isEmpty());
        if (keys.size() > 0) {
          doomed.add(new Doomed(member.table(), keys));
          ours.put(member.table().name(), (long) keys.size());
        }
      }
      remove(transaction, shape, group, doomed);
      all.addAll(doomed);
    }
    prove(transaction, ours, all);
    return sum(ours);
  }

  private static long sum(Map<TableName, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  private void remove(
      Transaction transaction, Shape shape, List<Integer> group, List<Doomed> doomed) {
    boolean moves = group.stream().anyMatch(n -> shape.members().get(n).action() == Action.MOVE);
    if (shape.cyclic(group) && !moves) {
      if (!doomed.isEmpty()) {
        long wanted = doomed.stream().mapToLong(each -> each.keys().size()).sum();
        expect(wanted, transaction.removeTogether(doomed), "rows that refer to each other");
      }
      return;
    }
    for (Doomed each : doomed) {
      Removal removal = removal(shape, each);
      expect(
          each.keys().size(),
          transaction.removeKeys(
              each.table(), each.keys(), List.of(), List.of(), removal, row -> true),
          each.table().name().toString());
    }
  }

  private Removal removal(Shape shape, Doomed doomed) {
    return shape.members().stream()
        .filter(member -> member.table().name().equals(doomed.table().name()))
        .filter(member -> member.action() == Action.MOVE)
        .<Removal>map(
            member -> new Removal.Move(member.archiveTable(shape.rule().policy()), context.now()))
        .findFirst()
        .orElseGet(Removal.Delete::new);
  }

  private static void detach(Transaction transaction, Forest forest) {
    Map<Edge, PackedRows> keys = new LinkedHashMap<>();
    for (Forest.Detached each : forest.detached()) {
      keys.computeIfAbsent(each.edge(), edge -> new PackedRows(each.key().width()))
          .add(each.key(), 0);
    }
    keys.forEach(
        (edge, rows) ->
            expect(
                rows.size(),
                transaction.detach(edge.from(), rows, edge.key().columns()),
                edge.key().display()));
  }

  /** Proves before a commit that those rows are gone and nothing else is. */
  private static void prove(
      Transaction transaction, Map<TableName, Long> ours, List<Doomed> doomed) {
    transaction.checkConstraints();
    Map<TableName, Long> lost = transaction.rowsLost(); // of partitions, where tables have them
    if (sum(lost) != sum(ours)) {
      throw new SurpriseException("a trigger or cascade deleted other rows: of " + lost.keySet());
    }
    for (Doomed each : doomed) {
      if (each.table().firesOnDelete()) {
        long[] live = {0};
        transaction.lookUp(
            each.table(),
            each.keys(),
            List.of(),
            row -> {
              live[0]++;
              return true;
            });
        expect(0, live[0], "rows that a trigger put back into " + each.table().name());
      }
    }
  }

  private static void expect(long wanted, long found, String what) {
    if (wanted != found) {
      throw new SurpriseException(
          what + ": expected " + wanted + " rows, the database says " + found);
    }
  }

  private void commit(Transaction transaction) {
    context.listener().stepped(Step.BATCH_DELETED);
    if (now.holdsChanged()) {
      throw new RefusedException("a hold was placed or released", true);
    }
    transaction.commit(false);
    context.listener().stepped(Step.BATCH_COMMITTED);
  }
}

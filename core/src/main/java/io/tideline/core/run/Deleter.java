package io.tideline.core.run;

import io.tideline.core.digest.DigestBag;
import io.tideline.core.rule.Guard;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Range;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;

/**
 * Removes the rows of chunks in short transactions, exactly those rows: every row that goes has the
 * digest it was archived with, meets every condition now, and does not come back before the commit.
 *
 * <p>A batch is first tried as one stretch of the walk. Where that finds anything but the rows
 * archived, it is rolled back and its rows are judged one by one; where the database refuses them,
 * the batch is split until the culprit stands alone.
 */
final class Deleter {
  /** Rows that are neighbours share their pages: a larger transaction gains nothing. */
  private static final int LARGEST = 20_000;

  private static final int TRIES = 5;
  private static final Duration PATIENCE = Duration.ofMillis(200);

  /** How many times in all the rows of one batch that others hold are waited for. */
  private static final int WAITS = 10;

  private final RunContext context;
  private final Writer writer;
  private final RulesNow rules;
  private final Layout layout;
  private final Removal removal;
  private final Pacer pacer;
  private final boolean resumed;
  private final boolean interrupted;
  private final LongConsumer removed;
  private final Proof proof;
  private long count;
  private boolean hurried;
  private int waits;

  /**
   * @param resumed whether the chunks are read from the archive: in no order of the walk
   * @param interrupted whether they are of an interrupted run: then a missing row closes as removed
   * @param removed hears after each batch how many rows it removed
   */
  Deleter(
      RunContext context,
      Writer writer,
      RulesNow rules,
      Layout layout,
      Removal removal,
      Pacer pacer,
      boolean resumed,
      boolean interrupted,
      LongConsumer removed) {
    this.context = context;
    this.writer = writer;
    this.rules = rules;
    this.layout = layout;
    this.removal = removal;
    this.pacer = pacer;
    this.resumed = resumed;
    this.interrupted = interrupted;
    this.removed = removed;
    this.proof = new Proof(rules);
  }

  /**
   * Removes a chunk's rows, until the run shall stop.
   *
   * @return what became of each row; empty if it stopped before the end
   * @throws CatalogueChanged if the table is not what it was; rows not yet removed are still there
   */
  Optional<Fates> remove(Chunk chunk) {
    Fates fates = new Fates();
    int size = chunk.rows().size();
    for (int from = 0; from < size; ) {
      if (context.control().stopping()) {
        return Optional.empty();
      }
      int to = Math.min(size, from + Math.min(LARGEST, pacer.batch()));
      long before = count;
      hurried = false;
      waits = WAITS;
      if (!stretch(chunk, from, to)) {
        keyed(chunk, from, to, fates);
      }
      long gone = count - before;
      removed.accept(gone);
      context.listener().on(new RunEvent.Progressed(0, gone));
      from = to;
    }
    return Optional.of(fates);
  }

  /** Tries a batch as one stretch of the walk; whether exactly its rows were removed. */
  private boolean stretch(Chunk chunk, int from, int to) {
    if (resumed || rules.judgesEachRow()) {
      return false;
    }
    rules.refresh();
    Transaction transaction = Patience.begin(writer, List.of(rules.table()), pacer);
    long started = System.nanoTime();
    try (transaction) {
      if (rules.judgesEachRow() || !rules.sameCatalogue(transaction, chunk.catalogueVersion())) {
        return false;
      }
      DigestBag bag = new DigestBag(to - from);
      for (int i = from; i < to; i++) {
        bag.add(chunk.rows().high(i), chunk.rows().low(i), i);
      }
      Claims claims = new Claims(layout, bag);
      transaction.removeRange(scan(chunk, from, to), removal, claims::take);
      if (!claims.exact()) {
        return false;
      }
      proof.of(
          transaction,
          () -> keys(chunk, from, to, layout::keyOfPlace),
          () -> keys(chunk, from, to, layout::aliasOfPlace),
          to - from);
      commit(transaction);
    } catch (RefusedException e) {
      hurried = e.passing();
      return false; // judged row by row, which tells who is to blame
    } catch (SurpriseException e) {
      return false;
    } catch (TidelineException e) {
      busyAtCommit(e);
      return false;
    }
    pacer.held(System.nanoTime() - started, to - from);
    count += to - from;
    return true;
  }

  private Scan scan(Chunk chunk, int from, int to) {
    int width = layout.order().size();
    Optional<Row> after =
        from == 0 ? chunk.after() : Optional.of(chunk.rows().place(from - 1).slice(0, width));
    Row through = chunk.rows().place(to - 1).slice(0, width);
    List<Condition> filter = rules.guards().stream().map(Guard::condition).toList();
    return new Scan(
        rules.table(),
        layout.items(),
        filter,
        new Range(layout.order(), after, Optional.of(through)));
  }

  private PackedRows keys(Chunk chunk, int from, int to, UnaryOperator<Row> keyOfPlace) {
    Row place = new Row(layout.placeWidth());
    PackedRows keys = new PackedRows(keyOfPlace.apply(place).width());
    for (int i = from; i < to; i++) {
      chunk.rows().place(i, place);
      Row key = keyOfPlace.apply(place);
      if (!key.hasNull()) {
        keys.add(key, 0);
      }
    }
    return keys;
  }

  /**
   * Judges and removes rows one by one in one transaction; splits the batch where that is refused.
   * A row that somebody holds is waited for once it stands alone, and only then.
   */
  private void keyed(Chunk chunk, int from, int to, Fates fates) {
    Optional<RuntimeException> refused = Optional.empty();
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      refused = tryKeyed(chunk, from, to, fates);
      if (refused.isEmpty()) {
        return;
      }
      boolean passing = refused.get() instanceof RefusedException r && r.passing();
      boolean busy = refused.get().getCause() instanceof TidelineException;
      if (attempt == TRIES && passing && busy) {
        throw (TidelineException) refused.get().getCause();
      }
      hurried = hurried || (passing && !busy);
      if (!passing || (!busy && (to - from > 1 || waits-- <= 0))) {
        break;
      }
      pacer.wait(
          "the database asks to try again: " + refused.get().getMessage(),
          PATIENCE.multipliedBy(attempt));
    }
    if (to - from == 1) {
      String key = layout.keyText(chunk.rows().place(from));
      fates.kept(
          from, Reason.REFUSED, String.valueOf(refused.map(Throwable::getMessage).orElse("")), key);
      return;
    }
    int middle = (from + to) >>> 1;
    keyed(chunk, from, middle, fates);
    keyed(chunk, middle, to, fates);
  }

  /**
   * A reader may hold up a COMMIT in rollback-journal mode: nothing happened, another try may
   * succeed.
   */
  private static RuntimeException busyAtCommit(TidelineException e) {
    if (e.code() != ErrorCode.DATABASE_BUSY) {
      throw e;
    }
    return new RefusedException(e.what(), true, e);
  }

  private Optional<RuntimeException> tryKeyed(Chunk chunk, int from, int to, Fates fates) {
    rules.refresh();
    Verdicts verdicts;
    int going;
    Transaction transaction = Patience.begin(writer, List.of(rules.table()), pacer);
    long started = System.nanoTime();
    try (transaction) {
      if (hurried) {
        transaction.waitBriefly();
      }
      boolean keysValid = rules.sameCatalogue(transaction, chunk.catalogueVersion());
      if (!keysValid && !aliased(chunk, from, to)) {
        throw new CatalogueChanged(true);
      }
      verdicts = new Verdicts(rules, layout, chunk.rows(), from, to);
      verdicts.judge(transaction, keysValid);
      PackedRows keys = verdicts.going();
      going = keys.size();
      if (going > 0) {
        remove(transaction, keys, verdicts.bag());
        proof.of(transaction, () -> keys, verdicts::goingAliases, going);
        commit(transaction);
      }
    } catch (RefusedException | SurpriseException e) {
      return Optional.of(e);
    } catch (TidelineException e) {
      return Optional.of(busyAtCommit(e));
    }
    verdicts.tell(fates, interrupted);
    count += going;
    pacer.held(System.nanoTime() - started, to - from);
    return Optional.empty();
  }

  private void remove(Transaction transaction, PackedRows going, DigestBag bag) {
    List<Condition> filter =
        rules.rule().isPresent()
            ? rules.guards().stream().map(Guard::condition).toList()
            : List.of();
    Claims claims = new Claims(layout, bag);
    transaction.removeKeys(rules.table(), going, filter, layout.items(), removal, claims::take);
    if (!claims.exact()) {
      throw new SurpriseException(
          "the database removed other rows than were asked for, or fewer: a trigger may be at work");
    }
  }

  /** Whether a declared key, without a NULL, can find every row of a batch. */
  private boolean aliased(Chunk chunk, int from, int to) {
    return rules.alias().isPresent()
        && keys(chunk, from, to, layout::aliasOfPlace).size() == to - from;
  }

  private void commit(Transaction transaction) {
    context.listener().stepped(Step.BATCH_DELETED);
    if (rules.holdsChanged()) {
      throw new RefusedException("a hold was placed or released", true);
    }
    transaction.commit(false);
    context.listener().stepped(Step.BATCH_COMMITTED);
  }
}

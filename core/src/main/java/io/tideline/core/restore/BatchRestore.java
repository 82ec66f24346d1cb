package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.work.Relaxation;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import io.tideline.run.RestoreReport;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Puts batches of rows back into one table and counts what became of each. */
final class BatchRestore {
  private static final int EXAMPLES = 5;

  private final Identity identity;
  private final Table table;
  private final Writer writer;
  private final Replacement replacement;
  private final RunListener listener;
  private final Relaxation relaxation;
  private final List<String> examples = new ArrayList<>();
  private long inserted;
  private long identical;
  private long overwritten;
  private long different;
  private long refused;

  /**
   * @param replacement what is done with live rows that differ
   */
  BatchRestore(Identity identity, Writer writer, Replacement replacement, RunListener listener) {
    this.identity = identity;
    this.table = identity.table();
    this.writer = writer;
    this.replacement = replacement;
    this.listener = listener;
    this.relaxation = new Relaxation(writer, Pace.GENTLE);
  }

  /**
   * Puts a batch back; sets the ordinals of rows that are live afterwards as they were archived.
   */
  void restore(Returning rows, Placement placement, Origin origin, BitSet restored) {
    restore(rows, 0, rows.size(), placement, origin, restored);
    relaxation.maybe();
  }

  private void restore(
      Returning rows, int from, int to, Placement placement, Origin origin, BitSet restored) {
    if (from == to) {
      return;
    }
    String reason;
    try {
      attempt(rows, from, to, placement, origin, restored);
      return;
    } catch (RefusedException | SurpriseException e) {
      replacement.rolledBack();
      reason = String.valueOf(e.getMessage());
    }
    if (to - from == 1) {
      refused++;
      example(rows, from, reason);
      return;
    }
    int middle = (from + to) >>> 1;
    restore(rows, from, middle, placement, origin, restored);
    restore(rows, middle, to, placement, origin, restored);
  }

  private void attempt(
      Returning rows, int from, int to, Placement placement, Origin origin, BitSet restored) {
    List<Table> tables = new ArrayList<>(origin.tables());
    tables.add(table);
    try (Transaction transaction = writer.begin(tables)) {
      transaction
          .deferConstraints(); // a row may come before another of its batch that it refers to
      Placement.Live[] live = placement.look(transaction, rows, from, to);
      List<Integer> differing = of(live, from, Placement.Live.DIFFERENT);
      Map<Integer, String> left =
          differing.isEmpty() ? Map.of() : replacement.replace(transaction, rows, differing);
      List<Integer> inserting = of(live, from, Placement.Live.ABSENT);
      differing.stream().filter(i -> !left.containsKey(i)).forEach(inserting::add);
      List<Integer> back = new ArrayList<>(inserting);
      back.addAll(of(live, from, Placement.Live.IDENTICAL));
      if (!inserting.isEmpty()) {
        placement.insert(transaction, rows, inserting);
      }
      Map<TableName, Long> losses = new HashMap<>(origin.take(transaction, rows, back));
      if (!inserting.isEmpty() || !losses.isEmpty()) {
        if (differing.size() > left.size()) {
          losses.put(table.name(), (long) differing.size() - left.size());
        }
        commit(transaction, rows, inserting, placement, losses);
      }
      count(rows, live, from, left, restored);
    }
    replacement.committed();
  }

  private static List<Integer> of(Placement.Live[] live, int from, Placement.Live wanted) {
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < live.length; i++) {
      if (live[i] == wanted) {
        found.add(from + i);
      }
    }
    return found;
  }

  /** Commits once it is proved that the rows are back and that nothing else went. */
  private void commit(
      Transaction transaction,
      Returning rows,
      List<Integer> inserting,
      Placement placement,
      Map<TableName, Long> losses) {
    transaction.checkConstraints();
    if (!inserting.isEmpty()) {
      placement.prove(transaction, rows, inserting);
    }
    Map<TableName, Long> lost = transaction.rowsLost();
    if (!lost.equals(losses)) {
      throw new SurpriseException("a trigger or cascade deleted other rows: of " + lost.keySet());
    }
    listener.stepped(Step.RESTORE_INSERTED);
    transaction.commit(false);
    listener.stepped(Step.RESTORE_COMMITTED);
  }

  private void count(
      Returning rows, Placement.Live[] live, int from, Map<Integer, String> left, BitSet restored) {
    for (int i = 0; i < live.length; i++) {
      String why = left.get(from + i);
      if (why != null) {
        different++;
        example(rows, from + i, why);
        continue;
      }
      switch (live[i]) {
        case ABSENT -> inserted++;
        case IDENTICAL -> identical++;
        case DIFFERENT -> overwritten++;
      }
      restored.set(rows.ordinal(from + i));
    }
  }

  private void example(Returning rows, int i, String why) {
    if (examples.size() < EXAMPLES) {
      examples.add(identity.display(rows.mapping(), rows.row(i)) + ": " + why);
    }
  }

  RestoreReport.OfTable report() {
    return new RestoreReport.OfTable(
        table.name().toString(), inserted, identical, overwritten, different, refused, examples);
  }
}

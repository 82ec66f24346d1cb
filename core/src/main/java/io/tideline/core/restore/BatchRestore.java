package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.row.Row;
import io.tideline.row.RowSource;
import io.tideline.run.RestoreReport;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Puts batches of rows back into one table and counts what became of each. */
final class BatchRestore {
  private static final int EXAMPLES = 5;

  private final Table table;
  private final Writer writer;
  private final Replacement replacement;
  private final RunListener listener;
  private final List<String> examples = new ArrayList<>();
  private long inserted;
  private long identical;
  private long overwritten;
  private long different;
  private long refused;

  /**
   * @param replacement what is done with live rows that differ
   */
  BatchRestore(Table table, Writer writer, Replacement replacement, RunListener listener) {
    this.table = table;
    this.writer = writer;
    this.replacement = replacement;
    this.listener = listener;
  }

  /**
   * Puts a batch back; sets the ordinals of rows that are live afterwards as they were archived.
   */
  void restore(Returning rows, Placement placement, BitSet restored) {
    restore(rows, 0, rows.size(), placement, restored);
  }

  private void restore(Returning rows, int from, int to, Placement placement, BitSet restored) {
    if (from == to) {
      return;
    }
    String reason;
    try {
      attempt(rows, from, to, placement, restored);
      return;
    } catch (RefusedException | SurpriseException e) {
      reason = String.valueOf(e.getMessage());
    }
    if (to - from == 1) {
      refused++;
      example(rows.row(from), reason);
      return;
    }
    int middle = (from + to) >>> 1;
    restore(rows, from, middle, placement, restored);
    restore(rows, middle, to, placement, restored);
  }

  private void attempt(Returning rows, int from, int to, Placement placement, BitSet restored) {
    Placement.Live[] live;
    List<Integer> absent = new ArrayList<>();
    List<Integer> differing = new ArrayList<>();
    try (Transaction transaction = writer.begin(List.of(table))) {
      live = placement.look(transaction, rows, from, to);
      for (int i = from; i < to; i++) {
        if (live[i - from] == Placement.Live.ABSENT) {
          absent.add(i);
        } else if (live[i - from] == Placement.Live.DIFFERENT) {
          differing.add(i);
        }
      }
      boolean replaced = !differing.isEmpty() && replacement.replace(transaction, rows, differing);
      List<Integer> inserting = new ArrayList<>(absent);
      if (replaced) {
        inserting.addAll(differing);
      }
      if (!inserting.isEmpty()) {
        transaction.insert(table, rows.mapping().columns(), source(rows, inserting));
        placement.prove(transaction, rows, inserting);
        transaction.checkConstraints();
        listener.stepped(Step.RESTORE_INSERTED);
        transaction.commit(false);
        listener.stepped(Step.RESTORE_COMMITTED);
      }
      count(rows, live, from, replaced, restored);
    }
    replacement.committed();
  }

  private void count(
      Returning rows, Placement.Live[] live, int from, boolean replaced, BitSet restored) {
    for (int i = 0; i < live.length; i++) {
      switch (live[i]) {
        case ABSENT -> inserted++;
        case IDENTICAL -> identical++;
        case DIFFERENT -> {
          if (replaced) {
            overwritten++;
          } else {
            different++;
            example(rows.row(from + i), "another row is there");
          }
        }
      }
      if (replaced || live[i] != Placement.Live.DIFFERENT) {
        restored.set(rows.ordinal(from + i));
      }
    }
  }

  private void example(Row row, String why) {
    if (examples.size() < EXAMPLES) {
      int width = Math.min(row.width(), Math.max(1, table.key().orElseThrow().columns().size()));
      examples.add(row.slice(0, width).display() + ": " + why);
    }
  }

  private static RowSource source(Returning rows, List<Integer> inserting) {
    int[] next = {0};
    return row -> {
      if (next[0] == inserting.size()) {
        return false;
      }
      Row picked = rows.row(inserting.get(next[0]++));
      for (int i = 0; i < row.width(); i++) {
        row.set(i, picked, i);
      }
      return true;
    };
  }

  RestoreReport.OfTable report() {
    return new RestoreReport.OfTable(
        table.name().toString(), inserted, identical, overwritten, different, refused, examples);
  }
}

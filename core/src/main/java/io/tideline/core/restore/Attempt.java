package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Arrival;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One transaction that puts rows back. */
final class Attempt {
  private final Writer writer;
  private final RunListener listener;
  private final List<Share> shares;

  Attempt(Writer writer, RunListener listener, List<Share> shares) {
    this.writer = writer;
    this.listener = listener;
    this.shares = shares;
  }

  /** Some rows of a slice, and what is found out of them. */
  static final class Share {
    private final Slice slice;
    private final List<Integer> which;
    private final List<Integer> inserting = new ArrayList<>();
    private Placement.Live[] live = {};
    private Map<Integer, String> left = Map.of();
    private long replaced;

    Share(Slice slice, List<Integer> which) {
      this.slice = slice;
      this.which = which;
    }

    /** Looks at the places, and makes room where that is asked for. */
    void look(Transaction transaction) {
      live = slice.placement().look(transaction, slice.rows(), which);
      List<Integer> differing = of(Placement.Live.DIFFERENT);
      if (!differing.isEmpty()) {
        left = slice.table().replacement().replace(transaction, slice.rows(), differing);
      }
      replaced = differing.size() - left.size();
      inserting.addAll(of(Placement.Live.ABSENT));
      differing.stream().filter(i -> !left.containsKey(i)).forEach(inserting::add);
    }

    private List<Integer> of(Placement.Live wanted) {
      List<Integer> found = new ArrayList<>();
      for (int at = 0; at < live.length; at++) {
        if (live[at] == wanted) {
          found.add(which.get(at));
        }
      }
      return found;
    }

    List<Arrival> arrivals(Transaction transaction) {
      return inserting.isEmpty()
          ? List.of()
          : slice.placement().arrivals(transaction, slice.rows(), inserting);
    }

    /** Takes what is back away where it came from; what each table loses by this share. */
    Map<TableName, Long> losses(Transaction transaction) {
      List<Integer> back = new ArrayList<>(inserting);
      back.addAll(of(Placement.Live.IDENTICAL));
      Map<TableName, Long> losses =
          new HashMap<>(slice.origin().take(transaction, slice.rows(), back));
      if (replaced > 0) {
        losses.merge(slice.table().table().name(), replaced, Long::sum);
      }
      return losses;
    }

    void prove(Transaction transaction) {
      if (!inserting.isEmpty()) {
        slice.placement().prove(transaction, slice.rows(), inserting);
      }
    }

    void count() {
      for (int at = 0; at < live.length; at++) {
        int row = which.get(at);
        String why = left.get(row);
        if (why != null) {
          slice.table().different(slice.rows(), row, why);
        } else {
          slice.table().back(live[at]);
          slice.restored().set(slice.rows().ordinal(row));
        }
      }
    }
  }

  /**
   * Puts the rows back and counts them.
   *
   * @throws io.tideline.dialect.RefusedException if the database refuses; nothing was changed
   * @throws SurpriseException if something else happened; nothing was changed
   */
  void make() {
    try (Transaction transaction = writer.begin(tables())) {
      transaction
          .deferConstraints(); // a row may come before another of its batch that it refers to
      shares.forEach(share -> share.look(transaction));
      boolean inserted = insert(transaction);
      Map<TableName, Long> losses = new HashMap<>();
      for (Share share : shares) {
        share.losses(transaction).forEach((table, rows) -> losses.merge(table, rows, Long::sum));
      }
      if (inserted || !losses.isEmpty()) {
        commit(transaction, losses);
      }
    }
    shares.forEach(Share::count);
    shares.forEach(share -> share.slice.table().replacement().committed());
  }

  private List<Table> tables() {
    Set<Table> tables = new LinkedHashSet<>();
    for (Share share : shares) {
      tables.addAll(share.slice.origin().tables());
      tables.add(share.slice.table().table());
    }
    return List.copyOf(tables);
  }

  private boolean insert(Transaction transaction) {
    List<Arrival> arrivals =
        shares.stream().flatMap(share -> share.arrivals(transaction).stream()).toList();
    if (arrivals.isEmpty()) {
      return false;
    }
    Arrival first = arrivals.get(0);
    long inserted =
        arrivals.size() == 1
            ? transaction.insert(first.table(), first.columns(), first.rows())
            : transaction.insertTogether(arrivals);
    int wanted = shares.stream().mapToInt(share -> share.inserting.size()).sum();
    if (inserted != wanted) {
      throw new SurpriseException(
          wanted + " rows were to be inserted, the database inserted " + inserted);
    }
    return true;
  }

  /** Commits once it is proved that the rows are back and that nothing else went. */
  private void commit(Transaction transaction, Map<TableName, Long> losses) {
    transaction.checkConstraints();
    shares.forEach(share -> share.prove(transaction));
    Map<TableName, Long> lost = transaction.rowsLost();
    if (!lost.equals(losses)) {
      throw new SurpriseException("a trigger or cascade deleted other rows: of " + lost.keySet());
    }
    listener.stepped(Step.RESTORE_INSERTED);
    transaction.commit(false);
    listener.stepped(Step.RESTORE_COMMITTED);
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Arrival;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is to be inserted for rows of a batch. A row that brings a hidden key keeps it where it is
 * free; where another row has got it since, the engine gives it a new one.
 */
final class Insertion {
  private final Table table;
  private final Returning rows;
  private final List<Integer> keeping;
  private final List<Integer> others;

  Insertion(Table table, Transaction transaction, Returning rows, List<Integer> inserting) {
    this.table = table;
    this.rows = rows;
    this.keeping = rows.mapping().keepsHiddenKey() ? free(transaction, inserting) : List.of();
    Set<Integer> kept = new HashSet<>(keeping);
    this.others = inserting.stream().filter(i -> !kept.contains(i)).toList();
  }

  /** The rows that keep their hidden key. */
  List<Integer> keeping() {
    return keeping;
  }

  /** The rows to insert, those that keep their hidden key first. */
  List<Arrival> arrivals() {
    Mapping mapping = rows.mapping();
    List<Arrival> arrivals = new ArrayList<>();
    if (!keeping.isEmpty()) {
      arrivals.add(new Arrival(table, mapping.columns(), source(keeping, 0)));
    }
    if (!others.isEmpty()) {
      arrivals.add(new Arrival(table, mapping.compared(), source(others, mapping.digestFrom())));
    }
    return arrivals;
  }

  private List<Integer> free(Transaction transaction, List<Integer> inserting) {
    List<String> column = table.key().orElseThrow().columns();
    PackedRows keys = new PackedRows(1);
    inserting.forEach(i -> keys.add(rows.values(i, column), 0));
    Set<Row> taken = new HashSet<>();
    transaction.lookUp(table, keys, List.of(), row -> taken.add(row.slice(0, 1)) || true);
    List<Integer> free = new ArrayList<>();
    for (int i : inserting) {
      if (taken.add(rows.values(i, column))) {
        free.add(i);
      }
    }
    return free;
  }

  private RowSource source(List<Integer> inserting, int from) {
    int[] next = {0};
    return row -> {
      if (next[0] == inserting.size()) {
        return false;
      }
      Row picked = rows.row(inserting.get(next[0]++));
      for (int i = 0; i < row.width(); i++) {
        row.set(i, picked, from + i);
      }
      return true;
    };
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Inserts rows of a batch. A row that brings a hidden key keeps it where it is free; where another
 * row has got it since, the engine gives it a new one.
 */
final class Insertion {
  private final Table table;

  Insertion(Table table) {
    this.table = table;
  }

  /**
   * Inserts rows.
   *
   * @return those that kept their hidden key
   */
  List<Integer> insert(Transaction transaction, Returning rows, List<Integer> inserting) {
    Mapping mapping = rows.mapping();
    List<Integer> keeping =
        mapping.keepsHiddenKey() ? free(transaction, rows, inserting) : List.of();
    Set<Integer> kept = new HashSet<>(keeping);
    List<Integer> others = inserting.stream().filter(i -> !kept.contains(i)).toList();
    insert(transaction, rows, keeping, mapping.columns(), 0);
    insert(transaction, rows, others, mapping.compared(), mapping.digestFrom());
    return keeping;
  }

  private List<Integer> free(Transaction transaction, Returning rows, List<Integer> inserting) {
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

  private void insert(
      Transaction transaction,
      Returning rows,
      List<Integer> inserting,
      List<String> columns,
      int from) {
    if (inserting.isEmpty()) {
      return;
    }
    long inserted = transaction.insert(table, columns, source(rows, inserting, from));
    if (inserted != inserting.size()) {
      throw new SurpriseException(
          inserting.size() + " rows were to be inserted, the database inserted " + inserted);
    }
  }

  private static RowSource source(Returning rows, List<Integer> inserting, int from) {
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

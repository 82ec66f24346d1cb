package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Transaction;
import java.util.List;
import java.util.Map;

/** Where rows come back from, and what becomes of them there. */
interface Origin {
  /** The archive folder, in which they stay. */
  Origin ARCHIVE =
      new Origin() {
        @Override
        public List<Table> tables() {
          return List.of();
        }

        @Override
        public Map<TableName, Long> take(
            Transaction transaction, Returning rows, List<Integer> back) {
          return Map.of();
        }
      };

  /** The tables of the database that {@link #take} removes rows from. */
  List<Table> tables();

  /**
   * Takes rows away that are live again, in the transaction that brought them back.
   *
   * @return how many rows each table lost
   * @throws io.tideline.dialect.SurpriseException if they are not the rows that came back
   */
  Map<TableName, Long> take(Transaction transaction, Returning rows, List<Integer> back);
}

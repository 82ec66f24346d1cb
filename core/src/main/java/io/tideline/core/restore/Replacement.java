package io.tideline.core.restore;

import io.tideline.dialect.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is done with live rows that differ from the archived ones. */
interface Replacement {
  /** Leaves them. */
  Replacement NONE =
      new Replacement() {
        @Override
        public Map<Integer, String> replace(
            Transaction transaction, Returning rows, List<Integer> differing) {
          Map<Integer, String> left = new HashMap<>();
          differing.forEach(i -> left.put(i, "another row is there"));
          return left;
        }

        @Override
        public void committed() {}

        @Override
        public void rolledBack() {}
      };

  /**
   * Archives and removes the live rows in the places of some rows.
   *
   * @return the rows whose place is not free, each with the reason
   */
  Map<Integer, String> replace(Transaction transaction, Returning rows, List<Integer> differing);

  /** Called after the transaction's commit. */
  void committed();

  /** Called after the transaction was rolled back for certain. */
  void rolledBack();
}

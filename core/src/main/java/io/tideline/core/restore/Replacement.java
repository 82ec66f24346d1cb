package io.tideline.core.restore;

import io.tideline.dialect.Transaction;
import java.util.List;

/** What is done with live rows that differ from the archived ones. */
interface Replacement {
  /** Leaves them. */
  Replacement NONE =
      new Replacement() {
        @Override
        public boolean replace(Transaction transaction, Returning rows, List<Integer> differing) {
          return false;
        }

        @Override
        public void committed() {}
      };

  /** Archives and removes the live rows in the places of some rows; false if they are left. */
  boolean replace(Transaction transaction, Returning rows, List<Integer> differing);

  /** Called after the transaction's commit. */
  void committed();
}

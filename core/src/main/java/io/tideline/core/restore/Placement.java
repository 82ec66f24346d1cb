package io.tideline.core.restore;

import io.tideline.dialect.Arrival;
import io.tideline.dialect.Transaction;
import java.util.List;

/** How rows find their place in a table, and how it is proved that they did. */
interface Placement {
  /** What stands in a row's place. */
  enum Live {
    ABSENT,
    IDENTICAL,
    DIFFERENT
  }

  /** Looks at the places of some rows of a batch, inside the transaction; in their order. */
  Live[] look(Transaction transaction, Returning rows, List<Integer> which);

  /** What is to be inserted for rows of a batch, at least one. */
  List<Arrival> arrivals(Transaction transaction, Returning rows, List<Integer> inserting);

  /**
   * Reads inserted rows again.
   *
   * @throws io.tideline.dialect.SurpriseException if any is not as it was archived
   */
  void prove(Transaction transaction, Returning rows, List<Integer> inserted);
}

package io.tideline.core.run;

import io.tideline.catalogue.Table;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import java.util.List;
import java.util.function.Supplier;

/** Proves before a commit that the rows are gone and nothing else is. */
final class Proof {
  private final RulesNow rules;

  Proof(RulesNow rules) {
    this.rules = rules;
  }

  /**
   * Proves it of rows just removed.
   *
   * @param keys their keys
   * @param aliases their declared keys, where the table's own is hidden
   * @param removed how many they are
   * @throws SurpriseException if more was lost, or any of them is live again
   */
  void of(
      Transaction transaction,
      Supplier<PackedRows> keys,
      Supplier<PackedRows> aliases,
      long removed) {
    transaction.checkConstraints();
    if (!rules.table().firesOnDelete() && rules.table().referrers().isEmpty()) {
      return;
    }
    long lost = transaction.rowsLost().values().stream().mapToLong(Long::longValue).sum();
    if (lost > removed) {
      throw new SurpriseException(
          "a trigger or cascade deleted "
              + (lost - removed)
              + " more rows: "
              + transaction.rowsLost().keySet());
    }
    long live = live(transaction, rules.table(), keys.get());
    if (rules.alias().isPresent()) {
      live = Math.max(live, live(transaction, rules.alias().get(), aliases.get()));
    }
    if (live > 0) {
      throw new SurpriseException("a trigger put " + live + " of the rows back");
    }
  }

  private static long live(Transaction transaction, Table table, PackedRows keys) {
    long[] live = {0};
    transaction.lookUp(
        table,
        keys,
        List.of(),
        row -> {
          live[0]++;
          return true;
        });
    return live[0];
  }
}

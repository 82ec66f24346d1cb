package io.tideline.plan;

import io.tideline.policy.Dependent;
import java.util.List;

/**
 * A table that refers to the rows of a proposed policy, directly or through others, as the policy
 * would name it.
 *
 * @param dependent the entry; detached where the schema says {@code ON DELETE SET NULL}
 * @param over the foreign keys that are meant, as {@code tokens(run_id) -> runs}
 * @param remarks what stands in the way: no key, no index on the referring columns
 */
public record ProposedDependent(Dependent dependent, List<String> over, List<String> remarks) {
  /** Copies the lists. */
  public ProposedDependent {
    over = List.copyOf(over);
    remarks = List.copyOf(remarks);
  }
}

package io.tideline.run;

import java.util.List;

/**
 * What making the ledger anew from the archive found.
 *
 * @param runs reports found
 * @param manifests sealed manifests found
 * @param inDoubt those that are not closed; the next run settles them
 * @param leftovers files that belong to no manifest; the next run removes them
 * @param record what was wrong with the deletion record, which tells of it from now on
 */
public record RecoverReport(
    int runs, int manifests, List<String> inDoubt, List<String> leftovers, List<String> record) {
  /** Copies the lists. */
  public RecoverReport {
    inDoubt = List.copyOf(inDoubt);
    leftovers = List.copyOf(leftovers);
    record = List.copyOf(record);
  }
}

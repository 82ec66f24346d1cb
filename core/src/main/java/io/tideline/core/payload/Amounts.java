package io.tideline.core.payload;

import io.tideline.plan.PayloadPlan.Amount;

/** Adds files up. */
final class Amounts {
  private long files;
  private long bytes;

  void add(long size) {
    files++;
    bytes += size;
  }

  Amount amount() {
    return new Amount(files, bytes);
  }
}

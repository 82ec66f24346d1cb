package io.tideline.core.run;

/** Rows that were read, and what is left to do before they may be removed. */
interface PendingChunk<C> {
  /** Proves that their copy on disk is whole; any thread may. */
  void verify();

  /** Makes their copy count, under the lease. */
  C seal();
}

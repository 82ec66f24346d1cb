package io.tideline.dialect;

import java.util.Locale;

/** A way to give space back, from the least harmful on. */
public enum ReclaimWay {
  /** Copies a write-ahead log into its database and cuts the log, in short steps. */
  CHECKPOINT,
  /** Moves the last pages into free ones and cuts the file, in short steps. */
  INCREMENTAL,
  /** Counts a table's values anew, so that plans fit. */
  ANALYZE,
  /** Makes room inside tables usable again. */
  VACUUM_TABLE,
  /** Removes what a failed rebuild of an index left. */
  REMNANT,
  /** Builds an index anew beside the old one. */
  REINDEX,
  /** Builds a compact copy beside live traffic and brings it home under a short lock. */
  COMPACT,
  /** Cuts the empty end of a table off. */
  TRUNCATE,
  /** Writes the whole database anew, while nobody else may write. */
  VACUUM;

  /** The word that asks for it: {@code vacuum-table}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

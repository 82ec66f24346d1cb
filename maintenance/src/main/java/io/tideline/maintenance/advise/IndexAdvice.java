package io.tideline.maintenance.advise;

import io.tideline.catalogue.TableName;
import io.tideline.tuning.IndexSpec;
import java.util.List;

/**
 * An index that is worth making.
 *
 * @param index the index
 * @param table its table
 * @param queries those that it mends or eases
 * @param gain how many times less the engine expects to work for the one that gains most
 * @param bytes about how large it becomes
 * @param written how many indexes an insert writes to then, this one included
 * @param statement the statement that makes it
 * @param entry the lines for the configuration
 * @param superfluous indexes that are there, and that it makes superfluous
 */
public record IndexAdvice(
    IndexSpec index,
    TableName table,
    List<String> queries,
    double gain,
    long bytes,
    int written,
    String statement,
    String entry,
    List<String> superfluous) {
  /** Copies the lists. */
  public IndexAdvice {
    queries = List.copyOf(queries);
    superfluous = List.copyOf(superfluous);
  }
}

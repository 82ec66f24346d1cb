package io.tideline.tuning;

import io.tideline.catalogue.TableName;
import java.util.List;
import java.util.OptionalLong;

/**
 * A declared index, and how it stands.
 *
 * @param spec what is declared
 * @param table its table, as the catalogue spells it
 * @param state how it stands
 * @param details what differs, who builds it or what has its name, one phrase each
 * @param bytes what the real one takes, if that is known
 */
public record IndexStanding(
    IndexSpec spec, TableName table, IndexState state, List<String> details, OptionalLong bytes) {
  /** Copies the list. */
  public IndexStanding {
    details = List.copyOf(details);
  }

  /** One of which nothing more is to be told. */
  public IndexStanding(IndexSpec spec, TableName table, IndexState state) {
    this(spec, table, state, List.of(), OptionalLong.empty());
  }

  /** Its name and table, for a sentence. */
  public String place() {
    return "the index " + spec.name() + " on " + table;
  }
}

package io.tideline.dialect;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.Trigger;
import io.tideline.tuning.Backfill;
import java.util.List;
import java.util.Optional;

/**
 * A backfill with its names as the catalogue spells them.
 *
 * @param backfill what is asked for
 * @param table its table, as last read
 * @param column its column; of one that is to be added as the user spells it
 * @param link where values are copied from; empty for an expression
 */
public record BackfillTarget(Backfill backfill, Table table, String column, Optional<Link> link) {
  /**
   * The rows that values are copied from.
   *
   * @param parent their table
   * @param column the column that is copied
   * @param columns the columns that refer
   * @param parentColumns the columns referred to, in the same order: they name one row
   */
  public record Link(
      Table parent, String column, List<String> columns, List<String> parentColumns) {
    /** Copies the lists. */
    public Link {
      columns = List.copyOf(columns);
      parentColumns = List.copyOf(parentColumns);
    }
  }

  /** What the log of the old values and its trigger are called. */
  public String made() {
    return "tideline_fill_" + backfill.name().replace('-', '_');
  }

  /** The triggers of the table that are not the backfill's own. */
  public List<Trigger> otherTriggers() {
    return table.triggers().stream().filter(each -> !each.name().equals(made())).toList();
  }

  /**
   * What of the table may refuse a value that somebody else writes into the column, as a phrase;
   * empty if nothing that the catalogue tells. A column that is added has nothing.
   */
  public Optional<String> restraint() {
    if (backfill.adds()) {
      return Optional.empty();
    }
    if (table.columns().stream().anyMatch(c -> c.origin() == Column.Origin.GENERATED)) {
      return Optional.of("its generated columns");
    }
    if (table.references().stream().anyMatch(key -> key.columns().contains(column))) {
      return Optional.of("its foreign key");
    }
    return table.indexes().stream()
        .filter(this::restrains)
        .map(i -> "its index " + i.name())
        .findFirst();
  }

  private boolean restrains(Index index) {
    return index.columns().contains("")
        || (index.unique() && (index.partial() || index.columns().contains(column)));
  }

  /**
   * Whether the old values are logged. A column that was added had none, and what it holds now is
   * ours as far as it is what the source says.
   */
  public boolean logged() {
    return !backfill.adds();
  }
}

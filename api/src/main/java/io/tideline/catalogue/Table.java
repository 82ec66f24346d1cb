package io.tideline.catalogue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A table, as the catalogue described it at one moment.
 *
 * @param name its full name
 * @param columns in the order of the table
 * @param key what names a row, if anything does
 * @param references the foreign keys it holds
 * @param referrers the foreign keys of any table (itself included) that refer to it
 * @param indexes the indexes over it
 * @param partitions the partitions that its rows lie in, one level deep, in order of name; empty
 *     for a table that is not partitioned
 * @param triggers the enabled triggers and rules on it
 * @param obstacles why its rows cannot be cleaned; empty for an ordinary table with a key
 * @param rowEstimate the number of rows that the engine's statistics guess
 * @param definition the statement that made it, where the engine keeps it; else empty
 * @param fingerprint changes when columns, keys, triggers, rules or foreign keys in or out change
 */
public record Table(
    TableName name,
    List<Column> columns,
    Optional<Key> key,
    List<ForeignKey> references,
    List<ForeignKey> referrers,
    List<Index> indexes,
    List<Partition> partitions,
    List<Trigger> triggers,
    List<Obstacle> obstacles,
    OptionalLong rowEstimate,
    String definition,
    String fingerprint) {
  /** Copies the lists. */
  public Table {
    columns = List.copyOf(columns);
    references = List.copyOf(references);
    referrers = List.copyOf(referrers);
    indexes = List.copyOf(indexes);
    partitions = List.copyOf(partitions);
    triggers = List.copyOf(triggers);
    obstacles = List.copyOf(obstacles);
  }

  /** The column of that exact name. */
  public Optional<Column> column(String column) {
    return columns.stream().filter(c -> c.name().equals(column)).findFirst();
  }

  /** The columns that an archive holds, in order. */
  public List<Column> archivedColumns() {
    return columns.stream().filter(Column::archived).toList();
  }

  /** Whether a DELETE fires anything. */
  public boolean firesOnDelete() {
    return triggers.stream().anyMatch(Trigger::onDelete);
  }

  /** The same table, referred to over other foreign keys only. */
  public Table withReferrers(List<ForeignKey> others) {
    return new Table(
        name,
        columns,
        key,
        references,
        others,
        indexes,
        partitions,
        triggers,
        obstacles,
        rowEstimate,
        definition,
        fingerprint);
  }

  /** The same table with its rows named by another key. */
  public Table withKey(Key other) {
    return new Table(
        name,
        columns,
        Optional.of(other),
        references,
        referrers,
        indexes,
        partitions,
        triggers,
        obstacles,
        rowEstimate,
        definition,
        fingerprint);
  }
}

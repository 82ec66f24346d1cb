package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table by itself, before the foreign keys of all tables are joined.
 *
 * @param name its name
 * @param type {@code table}, {@code view}, {@code virtual} or {@code shadow}
 * @param withoutRowid whether it has no rowid
 * @param strict whether its types are enforced
 * @param columns its columns
 * @param primaryKey the columns of its primary key in key order; empty if it has none
 * @param primaryIndexed whether the primary key has an index of its own, so that it is no alias of
 *     the rowid
 * @param indexes its indexes
 * @param definition the statement that made it
 */
record RawTable(
    TableName name,
    String type,
    boolean withoutRowid,
    boolean strict,
    List<Column> columns,
    List<String> primaryKey,
    boolean primaryIndexed,
    List<Index> indexes,
    String definition) {
  private static final List<String> ROWIDS = List.of("rowid", "_rowid_", "oid");

  boolean ordinary() {
    return type.equals("table");
  }

  /** The column that is the rowid by another name. */
  Optional<String> rowidAlias() {
    return primaryKey.size() == 1
            && !withoutRowid
            && !primaryIndexed
            && declaredType(primaryKey.get(0)).equalsIgnoreCase("INTEGER")
        ? Optional.of(primaryKey.get(0))
        : Optional.empty();
  }

  /**
   * What names a row. The rowid comes before a declared key of another type, whose columns may hold
   * NULL (https://sqlite.org/quirks.html#primary_keys_can_sometimes_contain_nulls).
   */
  Optional<Key> key() {
    if (!ordinary()) {
      return Optional.empty();
    }
    if (withoutRowid) {
      return indexed(primaryKey)
          ? Optional.of(new Key(primaryKey, Key.Kind.PRIMARY))
          : Optional.empty();
    }
    Optional<Key> alias = rowidAlias().map(c -> new Key(List.of(c), Key.Kind.PRIMARY));
    return alias
        .or(() -> rowid().map(name -> new Key(List.of(name), Key.Kind.ROWID)))
        .or(this::declaredKey);
  }

  /** The column of that name, whatever its case. */
  Optional<String> column(String wanted) {
    return columns.stream().map(Column::name).filter(wanted::equalsIgnoreCase).findFirst();
  }

  /** Whether a foreign key may refer to the columns. */
  boolean unique(List<String> wanted) {
    return Set.copyOf(wanted).equals(Set.copyOf(primaryKey)) || indexed(wanted);
  }

  private boolean indexed(List<String> wanted) {
    Set<String> set = Set.copyOf(wanted);
    return indexes.stream()
        .anyMatch(i -> i.unique() && !i.partial() && set.equals(Set.copyOf(i.columns())));
  }

  private Optional<String> rowid() {
    Set<String> taken =
        columns.stream().map(column -> Names.fold(column.name())).collect(Collectors.toSet());
    return ROWIDS.stream().filter(name -> !taken.contains(name)).findFirst();
  }

  private Optional<Key> declaredKey() {
    if (!primaryKey.isEmpty() && primaryKey.stream().noneMatch(this::nullable)) {
      return Optional.of(new Key(primaryKey, Key.Kind.PRIMARY));
    }
    return indexes.stream()
        .filter(index -> index.unique() && !index.partial())
        .map(Index::columns)
        .filter(list -> list.stream().noneMatch(c -> c.isEmpty() || nullable(c)))
        .findFirst()
        .map(list -> new Key(list, Key.Kind.UNIQUE));
  }

  private boolean nullable(String column) {
    return columns.stream().anyMatch(c -> c.name().equals(column) && c.nullable());
  }

  private String declaredType(String column) {
    return columns.stream()
        .filter(c -> c.name().equals(column))
        .map(Column::declaredType)
        .findFirst()
        .orElse("");
  }
}

package io.tideline.tuning;

import io.tideline.policy.Predicate;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An index as it shall be, or that shall not be there.
 *
 * @param name its name, without a schema: it lies in its table's
 * @param table its table, as the user names it
 * @param columns what it is ordered by; may be empty only for one that shall not be there
 * @param unique whether it forbids repeats
 * @param where which rows it holds; empty for all
 * @param include the further columns that it holds
 * @param method the access method, such as {@code gin}; empty for the usual one, a b-tree
 * @param absent whether it shall not be there
 */
public record IndexSpec(
    String name,
    String table,
    List<IndexColumn> columns,
    boolean unique,
    String where,
    List<String> include,
    String method,
    boolean absent) {
  /**
   * Checks what can be checked without a database.
   *
   * @throws IllegalArgumentException if a name is missing, it has no column, or holds one twice
   * @throws io.tideline.error.TidelineException {@code PREDICATE_INVALID} for {@code where}
   */
  public IndexSpec {
    columns = List.copyOf(columns);
    include = List.copyOf(include);
    if (name.isBlank() || table.isBlank()) {
      throw new IllegalArgumentException("An index needs a name and a table");
    }
    SqlName.check("index", name);
    SqlName.check("table", table);
    include.forEach(column -> SqlName.check("column", column));
    if (columns.isEmpty() && !absent) {
      throw new IllegalArgumentException("The index '" + name + "' has no column");
    }
    if (columns.stream().distinct().count() < columns.size()
        || include.stream().distinct().count() < include.size()
        || columns.stream().map(IndexColumn::column).anyMatch(include::contains)) {
      throw new IllegalArgumentException("The index '" + name + "' names a column twice");
    }
    if (!where.isBlank()) {
      where = new Predicate(where).sql();
    }
    SqlName.checkQualified("access method", method);
  }

  /** An ordinary index over all rows. */
  public static IndexSpec of(String name, String table, List<IndexColumn> columns) {
    return new IndexSpec(name, table, columns, false, "", List.of(), "", false);
  }

  /** An index that shall not be there. */
  public static IndexSpec absent(String name, String table) {
    return new IndexSpec(name, table, List.of(), false, "", List.of(), "", true);
  }

  /** The same under another name. */
  public IndexSpec named(String other) {
    return new IndexSpec(other, table, columns, unique, where, include, method, absent);
  }

  /** The same, forbidding repeats or not. */
  public IndexSpec withUnique(boolean wanted) {
    return new IndexSpec(name, table, columns, wanted, where, include, method, absent);
  }

  /** The same over those rows only. */
  public IndexSpec withWhere(String predicate) {
    return new IndexSpec(name, table, columns, unique, predicate, include, method, absent);
  }

  /** The same with further columns. */
  public IndexSpec withInclude(List<String> further) {
    return new IndexSpec(name, table, columns, unique, where, further, method, absent);
  }

  /** The same by another access method. */
  public IndexSpec withMethod(String other) {
    return new IndexSpec(name, table, columns, unique, where, include, other, absent);
  }

  /** Whether it holds an expression, whose statistics only ANALYZE gathers. */
  public boolean hasExpression() {
    return columns.stream().anyMatch(IndexColumn::isExpression);
  }

  /** What it is over, as a person writes it: {@code tasks (user_id, due_date)}. */
  public String over() {
    return table
        + (columns.isEmpty()
            ? ""
            : columns.stream()
                .map(IndexColumn::toString)
                .collect(Collectors.joining(", ", " (", ")")));
  }
}

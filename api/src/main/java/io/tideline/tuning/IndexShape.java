package io.tideline.tuning;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything by which two indexes of a table may differ, spelt by the engine's own rules so that
 * what is the same is equal.
 *
 * @param parts what it is ordered by
 * @param unique whether it forbids repeats
 * @param nullsEqual whether two rows without a value are a repeat
 * @param where which rows it holds; empty for all
 * @param include its further columns
 * @param method its access method
 */
public record IndexShape(
    List<Part> parts,
    boolean unique,
    boolean nullsEqual,
    String where,
    Set<String> include,
    String method) {
  /** Copies the collections. */
  public IndexShape {
    parts = List.copyOf(parts);
    include = Set.copyOf(include);
  }

  /**
   * One thing that an index is ordered by.
   *
   * @param what the column or the expression
   * @param expression whether it is an expression
   * @param collation the collation; empty for the usual one
   * @param operators the operator class; empty for the usual one
   * @param descending whether the largest stands first
   * @param nullsMoved whether rows without a value stand at the other end than usual
   */
  public record Part(
      String what,
      boolean expression,
      String collation,
      String operators,
      boolean descending,
      boolean nullsMoved) {
    @Override
    public String toString() {
      return (expression ? "(" + what + ")" : what)
          + (collation.isEmpty() ? "" : " collate " + collation)
          + (operators.isEmpty() ? "" : " " + operators)
          + (descending ? " desc" : "")
          + (nullsMoved ? " nulls " + (descending ? "last" : "first") : "");
    }
  }

  /** In what this, the real one, differs from the declared one; one phrase each. */
  public List<String> differences(IndexShape declared) {
    List<String> found = new ArrayList<>();
    if (!parts.equals(declared.parts())) {
      found.add("is over " + text(parts) + ", not " + text(declared.parts()));
    }
    if (unique != declared.unique()) {
      found.add(unique ? "forbids repeats" : "does not forbid repeats");
    }
    if (unique && declared.unique() && nullsEqual != declared.nullsEqual()) {
      found.add("takes rows without a value for repeats");
    }
    if (!where.equals(declared.where())) {
      found.add("holds " + rows(where) + ", not " + rows(declared.where()));
    }
    if (!include.equals(declared.include())) {
      found.add("includes " + columns(include) + ", not " + columns(declared.include()));
    }
    if (!method.equals(declared.method())) {
      found.add("is a " + method + ", not a " + declared.method());
    }
    return found;
  }

  private static String text(List<Part> parts) {
    return parts.stream().map(Part::toString).collect(Collectors.joining(", ", "(", ")"));
  }

  private static String rows(String where) {
    return where.isEmpty() ? "all rows" : "the rows where " + where;
  }

  private static String columns(Set<String> columns) {
    return columns.isEmpty() ? "no column" : "(" + String.join(", ", new TreeSet<>(columns)) + ")";
  }
}

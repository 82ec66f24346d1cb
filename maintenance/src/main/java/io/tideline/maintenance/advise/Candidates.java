package io.tideline.maintenance.advise;

import io.tideline.catalogue.Index;
import io.tideline.catalogue.Table;
import io.tideline.tuning.IndexColumn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The indexes of one table that are worth a trial for a query: what is compared for equality first,
 * then the order or a range, then all that fits in few columns.
 */
final class Candidates {
  /** More columns are seldom worth their writes. */
  private static final int WIDEST = 5;

  /** So many are tried of a table; then columns in any order, so many more. */
  private static final int TRIED = 12;

  private static final int ANY_ORDER = 3;

  private final Mentions of;
  private final Set<List<IndexColumn>> found = new LinkedHashSet<>();

  private Candidates(Mentions of) {
    this.of = of;
  }

  /** Those that the shape of the query suggests, the most likely first. */
  static List<List<IndexColumn>> likely(Mentions of) {
    Candidates candidates = new Candidates(of);
    List<IndexColumn> equal = plain(of.equal);
    List<IndexColumn> grouped = plain(of.grouped);
    candidates.add(equal, of.ordered);
    for (String range : of.ranged) {
      candidates.add(equal, plain(List.of(range)));
    }
    candidates.add(equal, grouped, of.ordered);
    candidates.add(grouped, of.ordered);
    candidates.add(equal);
    for (String expression : of.expressions) {
      candidates.add(List.of(IndexColumn.ofExpression(expression)), of.ordered);
      candidates.add(equal, List.of(IndexColumn.ofExpression(expression)));
    }
    candidates.add(of.ordered);
    of.equal.forEach(column -> candidates.add(plain(List.of(column)), of.ordered));
    of.equal.forEach(column -> candidates.add(plain(List.of(column))));
    of.ranged.forEach(column -> candidates.add(plain(List.of(column))));
    return candidates.first();
  }

  /** Two and three of its columns in any order, for a query whose shape misled. */
  static List<List<IndexColumn>> anyOrder(Mentions of) {
    Candidates candidates = new Candidates(of);
    List<IndexColumn> columns =
        Stream.concat(of.ordered.stream(), plain(of.all).stream())
            .filter(new HashSet<IndexColumn>()::add)
            .limit(ANY_ORDER + 1)
            .toList();
    for (IndexColumn first : columns) {
      for (IndexColumn second : columns) {
        candidates.add(List.of(first), List.of(second));
      }
    }
    return candidates.first();
  }

  @SafeVarargs
  private void add(Collection<IndexColumn>... parts) {
    List<IndexColumn> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Collection<IndexColumn> part : parts) {
      for (IndexColumn each : part) {
        if (names.add(each.column() + each.expression())) {
          columns.add(each);
        }
      }
    }
    if (!columns.isEmpty() && columns.size() <= WIDEST && !there(of.table, columns)) {
      found.add(List.copyOf(columns));
    }
  }

  private List<List<IndexColumn>> first() {
    return found.stream().limit(TRIED).toList();
  }

  /** Whether an index that is there begins so, whatever its directions. */
  private static boolean there(Table table, List<IndexColumn> columns) {
    List<String> names = columns.stream().map(IndexColumn::column).toList();
    boolean directed = columns.stream().map(IndexColumn::descending).distinct().count() > 1;
    return !directed && table.indexes().stream().anyMatch(index -> begins(index, names));
  }

  private static boolean begins(Index index, List<String> names) {
    return !index.partial()
        && index.columns().size() >= names.size()
        && index.columns().subList(0, names.size()).equals(names);
  }

  private static List<IndexColumn> plain(Collection<String> columns) {
    return columns.stream().map(IndexColumn::of).toList();
  }
}

package io.tideline.maintenance.advise;

import io.tideline.catalogue.Table;
import io.tideline.tuning.IndexColumn;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How a query names the columns of one table, under one alias. */
final class Mentions {
  final Table table;

  /** Compared for equality, in the order of the text. */
  final Set<String> equal = new LinkedHashSet<>();

  /** Compared for equality with a value, not with a column of another table. */
  final Set<String> sought = new LinkedHashSet<>();

  /** Compared otherwise. */
  final Set<String> ranged = new LinkedHashSet<>();

  /** What answers are ordered by. */
  final List<IndexColumn> ordered = new ArrayList<>();

  /** What answers are grouped or partitioned by. */
  final Set<String> grouped = new LinkedHashSet<>();

  /** Expressions over one column that are compared for equality: {@code lower("email")}. */
  final Set<String> expressions = new LinkedHashSet<>();

  /** Predicates without parameters that rows must meet: {@code "status" = 'open'}. */
  final List<Fixed> fixed = new ArrayList<>();

  /** All columns, in the order of the text. */
  final Set<String> all = new LinkedHashSet<>();

  Mentions(Table table) {
    this.table = table;
  }

  /** A table that a view reads: its text is not the query's, but its joins go by foreign keys. */
  static Mentions behindView(Table table) {
    Mentions of = new Mentions(table);
    table.references().forEach(key -> of.equal.addAll(key.columns()));
    return of;
  }

  /**
   * A predicate without parameters.
   *
   * @param column its column
   * @param predicate the predicate
   * @param equality whether only one value meets it
   */
  record Fixed(String column, String predicate, boolean equality) {}
}

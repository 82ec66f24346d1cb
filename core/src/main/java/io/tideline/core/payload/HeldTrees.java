package io.tideline.core.payload;

import io.tideline.core.rule.HoldRules;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the roots whose trees a hold on another table touches: they keep all their payloads. */
final class HeldTrees {
  private static final int SLICE = 10_000;

  private final ReferenceTable table;
  private final HoldRules holds;

  HeldTrees(ReferenceTable table, HoldRules holds) {
    this.table = table;
    this.holds = holds;
  }

  /** Tells the judge of every root that a held row leads to. */
  void hold(Reader reader, Tracer tracer, RootJudge judge) {
    if (table.edges().isEmpty() || table.order().isEmpty()) {
      return; // no row of it leads to a root; without a key it can only be held by predicate
    }
    int key = table.order().size();
    List<Item> items = new ArrayList<>();
    table.order().forEach(name -> items.add(new Item.OfColumn(name)));
    items.addAll(Tracer.items(table.edges()));
    List<Condition> free = holds.conditions();
    int flags = items.size();
    free.forEach(condition -> items.add(new Item.Holds(condition)));
    Optional<Row> after = Optional.empty();
    long read = SLICE;
    while (read == SLICE) {
      PackedRows held = new PackedRows(flags);
      Row last = new Row(key);
      Range range = new Range(table.order(), after, Optional.empty());
      read =
          reader.scan(
              new Scan(table.table(), items, List.of(), range),
              SLICE,
              row -> {
                for (int i = 0; i < key; i++) {
                  last.set(i, row, i);
                }
                if (held(row, key, flags)) {
                  held.add(row, 0);
                }
                return true;
              });
      after = Optional.of(last);
      tracer.trace(table.edges(), held, key, judge::hold);
    }
  }

  private boolean held(Row row, int key, int flags) {
    for (int i = flags; i < row.width(); i++) {
      if (row.integer(i) == 0) {
        return true;
      }
    }
    return holds.judgesRows() && holds.mayHold(row.slice(0, key));
  }
}

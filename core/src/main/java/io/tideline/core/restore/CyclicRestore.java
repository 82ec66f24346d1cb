package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.work.RunContext;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Brings rows back of tables that refer to each other, or to themselves: what a row refers to comes
 * before it or, where that refers to the row in turn, in one transaction with it. It does not
 * matter which of them were archived and which were moved.
 */
final class CyclicRestore {
  private final RunContext context;
  private final Attempts attempts;
  private final Map<Table, TableRestore> tables;
  private final Loads loads = new Loads();

  CyclicRestore(RunContext context, Attempts attempts, Map<Table, TableRestore> tables) {
    this.context = context;
    this.attempts = attempts;
    this.tables = new LinkedHashMap<>(tables);
  }

  /** Brings the rows back of segments, and of archive tables those that are not back yet. */
  void restore(
      Map<Table, List<Part>> parts, Map<Table, List<MovedRows>> moved, TableRestore.Done done) {
    tables.forEach(
        (table, back) ->
            add(
                back,
                parts.getOrDefault(table, List.of()),
                moved.getOrDefault(table, List.of()),
                done));
    for (List<Member> members : loads.cut()) {
      if (!context.control().stopping()) {
        new Load(context, attempts, tables.keySet(), members).restore();
      }
    }
  }

  private void add(
      TableRestore back, List<Part> parts, List<MovedRows> moved, TableRestore.Done done) {
    Identity identity = back.identity();
    Map<Part, Part> unnamed = new IdentityHashMap<>();
    for (Part part : parts) {
      BitSet rows = unnamed(identity, part);
      if (!rows.isEmpty()) {
        unnamed.put(part, part.withRows(rows));
      }
    }
    LiveCopies copies =
        back.copies(parts.stream().map(unnamed::get).filter(Objects::nonNull).toList());
    for (Part part : parts) {
      Part sought = unnamed.get(part);
      BitSet identical = sought == null ? new BitSet() : copies.of(sought);
      Stock stock = new SegmentStock(context, part, done);
      loads.add(
          part.chosen().manifest(),
          new Member(back, stock, part.chosen().rows(), copies, identical));
    }
    for (MovedRows each : moved) {
      each.left()
          .forEach((at, rows) -> loads.add(at, new Member(back, each, rows, copies, new BitSet())));
    }
  }

  /** The rows of a part that no key names. */
  private BitSet unnamed(Identity identity, Part part) {
    if (identity.keyed().isEmpty()) {
      return part.chosen().rows();
    }
    BitSet unnamed = new BitSet();
    if (identity.table().key().orElseThrow().hidden()) {
      part.read(
          context,
          (ordinal, archived) -> {
            if (!identity.names(part.mapping(), part.mapping().pick(archived))) {
              unnamed.set(ordinal);
            }
          });
    }
    return unnamed;
  }
}

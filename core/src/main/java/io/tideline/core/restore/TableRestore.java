package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.work.Ahead;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.Source;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Brings the chosen rows of one table back: first those that a key names, then the others, whose
 * live copies are sought before.
 */
final class TableRestore {
  private final RunContext context;
  private final Table table;
  private final Identity identity;
  private final Attempts attempts;
  private final TableCounts counts;
  private final LiveCopies unsought;
  private final boolean source;

  /**
   * @param source whether the table is the source's
   */
  TableRestore(
      RunContext context,
      Attempts attempts,
      Identity identity,
      TableCounts counts,
      boolean source) {
    this.attempts = attempts;
    this.source = source;
    this.context = context;
    this.table = identity.table();
    this.identity = identity;
    this.counts = counts;
    this.unsought = new LiveCopies(context, table);
  }

  Identity identity() {
    return identity;
  }

  TableCounts counts() {
    return counts;
  }

  /** What to do with the rows that came back of a part. */
  interface Done {
    void rows(Part part, BitSet restored);
  }

  /** Brings the rows of segments back. */
  void restore(List<Part> parts, Done done) {
    List<Part> others = new ArrayList<>();
    for (Part part : parts) {
      BitSet unnamed = identity.keyed().isEmpty() ? part.chosen().rows() : new BitSet();
      if (identity.keyed().isPresent()) {
        done.rows(part, put(part, Optional.of(identity), new KeyedPlacement(identity), unnamed));
      }
      if (!unnamed.isEmpty()) {
        others.add(part.withRows(unnamed));
      }
    }
    unnamed(others, done);
  }

  /** The live copies of rows that no key names, sought before any of them is inserted. */
  LiveCopies copies(List<Part> unnamed) {
    LiveCopies copies = new LiveCopies(context, table);
    if (!unnamed.isEmpty()) {
      copies.search(unnamed, source);
    }
    return copies;
  }

  /** Brings rows back that no key names. */
  private void unnamed(List<Part> others, Done done) {
    if (others.isEmpty()) {
      return;
    }
    LiveCopies copies = copies(others);
    for (Part part : others) {
      Placement placement = new UnkeyedPlacement(table, copies, copies.of(part));
      done.rows(part, put(part, Optional.empty(), placement, new BitSet()));
    }
  }

  /** Puts rows back while the next are read; gives the ordinals of the rows that are live now. */
  private BitSet put(Part part, Optional<Identity> naming, Placement placement, BitSet unnamed) {
    BitSet restored = new BitSet();
    try (Source<Returning> batches =
        new Ahead<>(
            "tideline-read", () -> new Batches(context, part, naming, unnamed), Batches::large)) {
      Optional<Returning> rows = batches.next();
      while (rows.isPresent() && !context.control().stopping()) {
        put(rows.get(), placement, Origin.ARCHIVE, restored);
        rows = batches.next();
      }
    }
    return restored;
  }

  private void put(Returning rows, Placement placement, Origin origin, BitSet restored) {
    Slice slice = new Slice(counts, rows, placement, origin, restored);
    attempts.restore(List.of(slice), slice.alone());
    context.listener().on(new RunEvent.Progressed(0, rows.size()));
  }

  /**
   * A batch of rows to come, which are not sought before: with a key where there is one, else each
   * is inserted.
   */
  Batch batch(Mapping mapping, Origin origin) {
    if (identity.keyed().isPresent()) {
      return new Batch(mapping, new KeyedPlacement(identity), origin);
    }
    return unnamedBatch(mapping, origin);
  }

  /** A batch of rows that no key names: each is inserted. */
  Batch unnamedBatch(Mapping mapping, Origin origin) {
    return new Batch(
        mapping, Optional.empty(), new UnkeyedPlacement(table, unsought, new BitSet()), origin);
  }

  /** Rows on their way, put back a batch at a time. */
  final class Batch {
    private final Mapping mapping;
    private final Optional<Identity> naming;
    private final Placement placement;
    private final Origin origin;
    private final BitSet restored = new BitSet();
    private Returning rows;

    private Batch(Mapping mapping, Placement placement, Origin origin) {
      this(mapping, Optional.of(identity), placement, origin);
    }

    private Batch(Mapping mapping, Optional<Identity> naming, Placement placement, Origin origin) {
      this.mapping = mapping;
      this.naming = naming;
      this.placement = placement;
      this.origin = origin;
      this.rows = new Returning(mapping);
    }

    /** Adds a row; false if no key names it: it was not added then. */
    boolean add(int ordinal, Row archived) {
      if (naming.isPresent() && !naming.get().names(mapping, mapping.pick(archived))) {
        return false;
      }
      rows.add(ordinal, archived);
      if (Batches.full(rows)) {
        flush();
      }
      return true;
    }

    private void flush() {
      if (!context.control().stopping()) {
        put(rows, placement, origin, restored);
      }
      rows = new Returning(mapping);
    }

    /** Puts the rest back; gives the ordinals of the rows that are live now. */
    BitSet end() {
      flush();
      return restored;
    }
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.restore.Slice.Place;
import io.tideline.core.work.RunContext;
import io.tideline.row.Row;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Brings rows back of tables that refer to each other, or to themselves: what a row refers to comes
 * before it or, where that refers to the row in turn, in one transaction with it.
 */
final class CyclicRestore {
  /** Above as many rows the rest is ordered by itself. */
  private static final int AT_ONCE = 200_000;

  /** The bytes of rows that wait for their turn. */
  private static final long WINDOW = 32L << 20;

  private final RunContext context;
  private final Attempts attempts;
  private final Map<Table, TableRestore> tables;

  CyclicRestore(RunContext context, Attempts attempts, Map<Table, TableRestore> tables) {
    this.context = context;
    this.attempts = attempts;
    this.tables = new LinkedHashMap<>(tables);
  }

  /** Brings the rows of segments back, oldest first as they are given. */
  void restore(Map<Table, List<Part>> parts, TableRestore.Done done) {
    List<Load> loads = loads(parts);
    loads.forEach(load -> load.restore(done));
    tables.forEach(
        (table, back) -> {
          List<Part> others = new ArrayList<>();
          loads.forEach(load -> others.addAll(load.unnamed(table)));
          back.unnamed(others, done);
        });
  }

  /**
   * Rows refer to rows that were archived with them or later, for nothing went that was referred
   * to: the newest manifests come first, and each stays whole.
   */
  private List<Load> loads(Map<Table, List<Part>> parts) {
    Map<String, List<Member>> manifests = new TreeMap<>(Comparator.reverseOrder());
    parts.forEach(
        (table, some) ->
            some.forEach(
                part ->
                    manifests
                        .computeIfAbsent(part.chosen().manifest().name(), n -> new ArrayList<>())
                        .add(new Member(table, part))));
    List<Load> loads = new ArrayList<>();
    List<Member> members = new ArrayList<>();
    int rows = 0;
    for (List<Member> manifest : manifests.values()) {
      members.addAll(manifest);
      rows += manifest.stream().mapToInt(m -> m.part.chosen().rows().cardinality()).sum();
      if (rows >= AT_ONCE) {
        loads.add(new Load(members, rows));
        members = new ArrayList<>();
        rows = 0;
      }
    }
    loads.add(new Load(members, rows));
    return loads;
  }

  /** A part and what is known of its rows. */
  private static final class Member {
    private final Table table;
    private final Part part;
    private final BitSet unnamed = new BitSet();
    private final BitSet restored = new BitSet();
    private final BitSet wanted = new BitSet();
    private final Map<Integer, Integer> places = new HashMap<>();
    private Returning rows;

    Member(Table table, Part part) {
      this.table = table;
      this.part = part;
      this.rows = new Returning(part.mapping());
    }

    /** Reads the rows that are wanted now. */
    void read(RunContext context) {
      rows = new Returning(part.mapping());
      places.clear();
      if (!wanted.isEmpty()) {
        part.withRows(wanted)
            .read(
                context,
                (ordinal, row) -> {
                  places.put(ordinal, rows.size());
                  rows.add(ordinal, row);
                });
      }
    }

    int place(int ordinal) {
      return places.getOrDefault(ordinal, -1);
    }
  }

  /** Rows that are ordered together. */
  private final class Load {
    private final List<Member> members;
    private final int most;
    private final List<Member> of = new ArrayList<>();
    private final List<Integer> ordinals = new ArrayList<>();

    Load(List<Member> members, int most) {
      this.members = members;
      this.most = most;
    }

    List<Part> unnamed(Table table) {
      return members.stream()
          .filter(member -> member.table.equals(table) && !member.unnamed.isEmpty())
          .map(member -> member.part.withRows(member.unnamed))
          .toList();
    }

    void restore(TableRestore.Done done) {
      RowOrder order = new RowOrder(List.copyOf(tables.keySet()), most);
      members.forEach(member -> add(member, order));
      List<List<int[]>> window = new ArrayList<>();
      List<int[]> batch = new ArrayList<>();
      long waiting = 0;
      long bytes = 0;
      int rows = 0;
      for (int[] unit : order.units()) {
        if (rows + unit.length > Batches.ROWS || bytes >= Batches.BYTES) {
          window.add(batch);
          batch = new ArrayList<>();
          waiting += bytes;
          rows = 0;
          bytes = 0;
          if (waiting >= WINDOW) {
            restore(window);
            window = new ArrayList<>();
            waiting = 0;
          }
        }
        batch.add(unit);
        rows += unit.length;
        for (int row : unit) {
          bytes += order.bytes(row);
        }
      }
      window.add(batch);
      restore(window);
      members.forEach(member -> done.rows(member.part, member.restored));
    }

    private void add(Member member, RowOrder order) {
      Mapping mapping = member.part.mapping();
      Identity identity = back(member.table).identity();
      member.part.read(
          context,
          (ordinal, archived) -> {
            Row picked = mapping.pick(archived);
            if (identity.names(mapping, picked)) {
              of.add(member);
              ordinals.add(ordinal);
              order.add(member.table, mapping, picked);
            } else {
              member.unnamed.set(ordinal);
            }
          });
    }

    private void restore(List<List<int[]>> window) {
      members.forEach(member -> member.wanted.clear());
      window.forEach(
          batch ->
              batch.forEach(
                  unit -> {
                    for (int row : unit) {
                      of.get(row).wanted.set(ordinals.get(row));
                    }
                  }));
      members.forEach(member -> member.read(context));
      for (List<int[]> batch : window) {
        if (!context.control().stopping()) {
          bring(batch);
        }
      }
    }

    private void bring(List<int[]> batch) {
      Map<Member, Integer> numbers = new IdentityHashMap<>();
      List<Slice> slices = new ArrayList<>();
      List<List<Place>> units = new ArrayList<>();
      long rows = 0;
      for (int[] unit : batch) {
        List<Place> places = new ArrayList<>();
        for (int row : unit) {
          Member member = of.get(row);
          int slice = numbers.computeIfAbsent(member, m -> slices.size());
          if (slice == slices.size()) {
            slices.add(slice(member));
          }
          places.add(new Place(slice, member.place(ordinals.get(row))));
        }
        units.add(places);
        rows += unit.length;
      }
      attempts.restore(slices, units);
      context.listener().on(new RunEvent.Progressed(0, rows));
    }

    private Slice slice(Member member) {
      TableRestore back = back(member.table);
      return new Slice(
          back.counts(),
          member.rows,
          new KeyedPlacement(back.identity()),
          Origin.ARCHIVE,
          member.restored);
    }
  }

  private TableRestore back(Table table) {
    return Objects.requireNonNull(tables.get(table));
  }
}

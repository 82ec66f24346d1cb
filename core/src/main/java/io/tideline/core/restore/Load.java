package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.restore.Slice.Place;
import io.tideline.core.work.RunContext;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows that are ordered together and then brought back in that order. */
final class Load {
  /** The bytes of rows that wait for their turn. */
  private static final long WINDOW = 32L << 20;

  private final RunContext context;
  private final Attempts attempts;
  private final List<Member> members;
  private final RowOrder order;
  private final int[] of;
  private final int[] ordinals;
  private int size;

  /**
   * @param tables the tables that refer to each other
   */
  Load(RunContext context, Attempts attempts, Set<Table> tables, List<Member> members) {
    this.context = context;
    this.attempts = attempts;
    this.members = members;
    int rows = members.stream().mapToInt(Member::size).sum();
    of = new int[rows];
    ordinals = new int[rows];
    Map<Table, Integer> sizes = new HashMap<>();
    tables.forEach(table -> sizes.put(table, 0));
    members.forEach(member -> sizes.merge(member.table(), member.size(), Integer::sum));
    order = new RowOrder(sizes);
  }

  /** Brings the rows back. */
  void restore() {
    for (int i = 0; i < members.size(); i++) {
      int member = i;
      members
          .get(i)
          .order(
              order,
              (ordinal, row) -> {
                of[size] = member;
                ordinals[size++] = ordinal;
              });
    }
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
      bytes += Arrays.stream(unit).mapToLong(order::bytes).sum();
    }
    window.add(batch);
    restore(window);
    members.forEach(Member::end);
  }

  private void restore(List<List<int[]>> window) {
    if (context.control().stopping()) {
      return;
    }
    members.forEach(Member::clear);
    for (List<int[]> batch : window) {
      for (int[] unit : batch) {
        for (int row : unit) {
          members.get(of[row]).want(ordinals[row]);
        }
      }
    }
    members.forEach(Member::read);
    for (List<int[]> batch : window) {
      if (!context.control().stopping()) {
        bring(batch);
      }
    }
  }

  private void bring(List<int[]> batch) {
    Map<Integer, Integer> numbers = new HashMap<>();
    List<Slice> slices = new ArrayList<>();
    List<List<Place>> units = new ArrayList<>();
    long rows = 0;
    for (int[] unit : batch) {
      List<Place> places = new ArrayList<>();
      for (int row : unit) {
        Member member = members.get(of[row]);
        boolean named = member.names(ordinals[row]);
        int slice = numbers.computeIfAbsent(of[row] * 2 + (named ? 1 : 0), n -> slices.size());
        if (slice == slices.size()) {
          slices.add(member.slice(named));
        }
        int place = member.place(ordinals[row]);
        if (place >= 0) {
          places.add(new Place(slice, place));
        }
      }
      if (!places.isEmpty()) {
        units.add(places);
      }
      rows += unit.length;
    }
    attempts.restore(slices, units);
    context.listener().on(new RunEvent.Progressed(0, rows));
  }
}

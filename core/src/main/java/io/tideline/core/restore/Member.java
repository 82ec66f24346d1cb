package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Some rows of a stock that are ordered with those of others. */
final class Member {
  private final TableRestore back;
  private final Stock stock;
  private final BitSet rows;
  private final LiveCopies copies;
  private final BitSet identical;
  private final BitSet unnamed = new BitSet();
  private final BitSet restored = new BitSet();
  private final BitSet wanted = new BitSet();
  private final Map<Integer, Integer> places = new HashMap<>();
  private Returning read;

  /**
   * @param back the table that they come back to
   * @param rows the rows
   * @param copies what was found of live rows that no key names
   * @param identical the rows that these are copies of
   */
  Member(TableRestore back, Stock stock, BitSet rows, LiveCopies copies, BitSet identical) {
    this.back = back;
    this.stock = stock;
    this.rows = rows;
    this.copies = copies;
    this.identical = identical;
    this.read = new Returning(stock.mapping());
  }

  Table table() {
    return back.identity().table();
  }

  int size() {
    return rows.cardinality();
  }

  /** The same rows in so many members, the last rows first. */
  List<Member> split(int members) {
    List<BitSet> shares = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      shares.add(new BitSet());
    }
    long left = size();
    long all = left;
    for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
      shares.get((int) (--left * members / all)).set(row);
    }
    return shares.stream().map(share -> new Member(back, stock, share, copies, identical)).toList();
  }

  /** Reads all rows. */
  void order(RowOrder order, Part.Visitor visitor) {
    stock.read(
        rows,
        (ordinal, archived) -> {
          Row picked = stock.mapping().pick(archived);
          if (!back.identity().names(stock.mapping(), picked)) {
            unnamed.set(ordinal);
          }
          order.add(table(), stock.mapping(), picked);
          visitor.row(ordinal, archived);
        });
  }

  /** Forgets the rows that were wanted. */
  void clear() {
    wanted.clear();
  }

  /** Wants a row to be read. */
  void want(int ordinal) {
    wanted.set(ordinal);
  }

  /** Reads the rows that are wanted now. */
  void read() {
    read = new Returning(stock.mapping());
    places.clear();
    if (!wanted.isEmpty()) {
      stock.read(
          wanted,
          (ordinal, archived) -> {
            places.put(ordinal, read.size());
            read.add(ordinal, archived);
          });
    }
  }

  /** A row's number among those that were read; negative if it is not there any more. */
  int place(int ordinal) {
    return places.getOrDefault(ordinal, -1);
  }

  /** Whether a key names a row. */
  boolean names(int ordinal) {
    return !unnamed.get(ordinal);
  }

  /** The rows that were read, and that a key names or not. */
  Slice slice(boolean named) {
    Placement placement =
        named
            ? new KeyedPlacement(back.identity())
            : new UnkeyedPlacement(table(), copies, identical);
    return new Slice(back.counts(), read, placement, stock.origin(), restored);
  }

  /** Tells which rows are live now. */
  void end() {
    stock.restored(restored);
  }
}

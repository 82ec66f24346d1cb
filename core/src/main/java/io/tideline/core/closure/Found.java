package io.tideline.core.closure;

import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The rows of one table that a closure found: what is remembered of each, its tree, its digest. */
public final class Found {
  private final Member member;
  private final PackedRows rows;
  private final KeyIndex byKey;
  private final Map<Integer, Instant> times = new HashMap<>();
  private final Row picked;
  private int[] trees = new int[64];
  private long[] high = {};
  private long[] low = {};

  Found(Member member) {
    this.member = member;
    this.rows = new PackedRows(member.keptWidth());
    this.byKey = new KeyIndex(rows, member.key().columns().size());
    this.picked = new Row(member.keptWidth());
  }

  /** The table. */
  public Member member() {
    return member;
  }

  /** The number of rows. */
  public int size() {
    return rows.size();
  }

  /** The bytes held. */
  long bytes() {
    return rows.bytes() + 20L * rows.size();
  }

  /** What is remembered of a row; the key's values are the first. */
  Row row(int index) {
    return rows.get(index);
  }

  /** Fills {@code into} with what is remembered of a row. */
  void row(int index, Row into) {
    rows.get(index, into);
  }

  /** The key of a row. */
  public Row key(int index) {
    return rows.get(index).slice(0, member.key().columns().size());
  }

  /** The tree that a row was found in first; see {@link Forest#tree}. */
  int foundIn(int index) {
    return trees[index];
  }

  /** The upper half of a row's digest, where its copy is archived. */
  public long high(int index) {
    return high[index];
  }

  /** The lower half of a row's digest, where its copy is archived. */
  public long low(int index) {
    return low[index];
  }

  /** The row of a key; -1 if it was not found. Only of tables whose rows are asked for by key. */
  public int find(Row key) {
    return byKey.find(key);
  }

  /** The row whose key lies within a row that was read; -1 if it was not found before. */
  int find(Row read, int offset) {
    member.keep(read, offset, picked);
    return find(picked);
  }

  /** Adds a row that was read. @return its number */
  int add(Row read, int offset, int tree) {
    member.keep(read, offset, picked);
    int at = rows.size();
    rows.add(picked, 0);
    if (at == trees.length) {
      trees = Arrays.copyOf(trees, at * 2);
    }
    trees[at] = tree;
    if (member.indexed()) {
      byKey.add(at);
    }
    return at;
  }

  /** Sets the time of a root. */
  void time(int row, Instant time) {
    times.put(row, time);
  }

  /** The time of a root, if its age is read. */
  public Optional<Instant> time(int row) {
    return Optional.ofNullable(times.get(row));
  }

  /** Sets a row's digest. */
  void digest(int row, long h, long l) {
    if (row >= high.length) {
      high = Arrays.copyOf(high, Math.max(64, row * 2));
      low = Arrays.copyOf(low, Math.max(64, row * 2));
    }
    high[row] = h;
    low[row] = l;
  }
}

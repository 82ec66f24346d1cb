package io.tideline.core.run;

import io.tideline.core.archive.Outcome;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.row.RowRanges;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** What became of each row of a chunk, as exceptions to "removed". */
final class Fates {
  private static final int EXAMPLES = 3;

  private final BitSet gone = new BitSet();
  private final BitSet differs = new BitSet();
  private final Map<Cause, Rows> kept = new LinkedHashMap<>();

  private record Cause(Reason reason, String detail) {}

  private static final class Rows {
    private final BitSet rows = new BitSet();
    private final List<String> examples = new ArrayList<>();
  }

  /** The application had deleted the row. */
  void gone(int row) {
    gone.set(row);
  }

  /** A different row is in its place, and nobody knows whether this one was deleted before. */
  void differs(int row) {
    differs.set(row);
  }

  /**
   * The row stays live.
   *
   * @param key its key in text
   */
  void kept(int row, Reason reason, String detail, String key) {
    Rows rows = kept.computeIfAbsent(new Cause(reason, detail), cause -> new Rows());
    rows.rows.set(row);
    if (rows.examples.size() < EXAMPLES) {
      rows.examples.add(key);
    }
  }

  /** The same fates of rows that stand at other positions. */
  Fates at(IntUnaryOperator position) {
    Fates moved = new Fates();
    gone.stream().map(position).forEach(moved.gone::set);
    differs.stream().map(position).forEach(moved.differs::set);
    kept.forEach(
        (cause, rows) -> {
          Rows others = new Rows();
          rows.rows.stream().map(position).forEach(others.rows::set);
          others.examples.addAll(rows.examples);
          moved.kept.put(cause, others);
        });
    return moved;
  }

  /** How many rows the application had deleted. */
  int gone() {
    return gone.cardinality();
  }

  /** How many rows were not removed. */
  int exceptions() {
    return gone.cardinality()
        + differs.cardinality()
        + kept.values().stream().mapToInt(r -> r.rows.cardinality()).sum();
  }

  /** For the outcome file. */
  Outcome.OfSegment outcome() {
    BitSet changed = new BitSet();
    BitSet stay = new BitSet();
    List<Outcome.KeptRows> reasons = new ArrayList<>();
    kept.forEach(
        (cause, rows) -> {
          if (cause.reason() == Reason.CHANGED) {
            changed.or(rows.rows);
          } else {
            stay.or(rows.rows);
            reasons.add(
                new Outcome.KeptRows(
                    cause.reason().word(), cause.detail(), RowRanges.of(rows.rows)));
          }
        });
    return new Outcome.OfSegment(
        RowRanges.of(gone),
        RowRanges.of(changed),
        RowRanges.of(stay),
        RowRanges.of(differs),
        reasons);
  }

  /** For the report. */
  List<Kept> kept() {
    return kept.entrySet().stream()
        .map(
            entry ->
                new Kept(
                    entry.getKey().reason(),
                    entry.getKey().detail(),
                    entry.getValue().rows.cardinality(),
                    entry.getValue().examples))
        .toList();
  }
}

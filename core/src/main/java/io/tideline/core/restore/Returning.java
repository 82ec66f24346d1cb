package io.tideline.core.restore;

import io.tideline.core.digest.RowDigest;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;

/** A batch of archived rows on their way back: their places in the table, digests and ordinals. */
final class Returning {
  private final Mapping mapping;
  private final PackedRows rows;
  private final List<Integer> ordinals = new ArrayList<>();
  private final List<long[]> digests = new ArrayList<>();
  private final RowDigest digest = new RowDigest();

  Returning(Mapping mapping) {
    this.mapping = mapping;
    this.rows = new PackedRows(mapping.columns().size());
  }

  /** Digests a row without taking it. */
  Row digest(Row archived) {
    Row picked = mapping.pick(archived);
    digest.update(picked, mapping.digestFrom(), picked.width());
    return picked;
  }

  long lastHigh() {
    return digest.high();
  }

  long lastLow() {
    return digest.low();
  }

  void add(int ordinal, Row archived) {
    rows.add(digest(archived), 0);
    ordinals.add(ordinal);
    digests.add(new long[] {digest.high(), digest.low()});
  }

  int size() {
    return rows.size();
  }

  long bytes() {
    return rows.bytes();
  }

  Mapping mapping() {
    return mapping;
  }

  Row row(int i) {
    return rows.get(i);
  }

  /** The values of some columns of a row. */
  Row values(int i, List<String> columns) {
    return mapping.values(rows.get(i), columns);
  }

  int ordinal(int i) {
    return ordinals.get(i);
  }

  boolean sameDigest(int i, long high, long low) {
    return digests.get(i)[0] == high && digests.get(i)[1] == low;
  }

  long high(int i) {
    return digests.get(i)[0];
  }

  long low(int i) {
    return digests.get(i)[1];
  }
}

package io.tideline.archive;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * The first rows of a segment, held back until the types of its {@link Family#ANY} columns can be
 * decided: at most 1,000 rows and 4 MB. Not thread-safe.
 */
public final class FirstRows {
  private static final int MOST_ROWS = 1_000;
  private static final long MOST_BYTES = 4L << 20;
  private static final Family[] BY_KIND = {
    Family.TEXT, Family.INT64, Family.FLOAT64, Family.TEXT, Family.BLOB
  };

  private final SegmentSchema schema;
  private final PackedRows rows;
  private final int[][] found;

  /** Begins a segment of {@code schema}. */
  public FirstRows(SegmentSchema schema) {
    this.schema = schema;
    rows = new PackedRows(schema.columns().size());
    found = new int[schema.columns().size()][Kind.values().length];
  }

  /**
   * Takes a row into account, and holds a copy of it if there is room.
   *
   * @return whether it is held; if not, it is the first row to write after those held
   */
  public boolean offer(Row row) {
    for (int i = 0; i < found.length; i++) {
      found[i][row.kind(i).ordinal()]++;
    }
    if (rows.size() == MOST_ROWS || rows.bytes() + row.size() > MOST_BYTES) {
      return false;
    }
    rows.add(row, 0);
    return true;
  }

  /** The rows held, in order. */
  public PackedRows rows() {
    return rows;
  }

  /**
   * The schema with every type decided: an {@code ANY} column becomes what most of the values held
   * are (INT64, FLOAT64, TEXT or BLOB; the first of these on a tie), and TEXT where there is none.
   */
  public SegmentSchema decide() {
    List<SegmentColumn> columns = new ArrayList<>();
    for (int i = 0; i < found.length; i++) {
      SegmentColumn column = schema.columns().get(i);
      columns.add(
          column.type().family() != Family.ANY
              ? column
              : new SegmentColumn(column.name(), column.declaredType(), most(found[i])));
    }
    return new SegmentSchema(schema.table(), columns);
  }

  private static NaturalType most(int[] kinds) {
    int most = 0;
    for (int kind = 1; kind < kinds.length; kind++) {
      if (kinds[kind] > (most == 0 ? 0 : kinds[most])) {
        most = kind;
      }
    }
    return NaturalType.of(BY_KIND[most]);
  }
}

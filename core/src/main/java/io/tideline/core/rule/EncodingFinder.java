package io.tideline.core.rule;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.Table;
import io.tideline.core.time.TimeShapes;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.TimeColumn;
import io.tideline.row.Row;
import java.util.List;
import java.util.Optional;

/** Tells how the times of a column are written, from a sample of them. */
public final class EncodingFinder {
  private static final int SLICE = 10_000;

  private EncodingFinder() {}

  /**
   * The encoding of a time column.
   *
   * @throws TidelineException {@code TIME_MIXED} or {@code TIME_UNREADABLE}, with the counts of the
   *     whole column
   */
  public static TimeEncoding find(Reader reader, Table table, TimeColumn column, NaturalType type) {
    TimeShapes shapes = shapes(table, column, type);
    reader.sampleTimes(
        table,
        PolicyTime.item(column),
        row -> {
          shapes.add(row, 0);
          return true;
        });
    try {
      return shapes
          .detect()
          .orElse(new TimeEncoding(TimeEncoding.Shape.ISO_SPACE, "", column.zone()));
    } catch (TidelineException e) {
      if (e.code() == ErrorCode.TIME_MIXED || e.code() == ErrorCode.TIME_UNREADABLE) {
        countAll(reader, table, column, type);
      }
      throw e;
    }
  }

  /** Shapes that name the column in errors. */
  public static TimeShapes shapes(Table table, TimeColumn column, NaturalType type) {
    String name = column.column().orElseGet(() -> "(" + column.sql().orElseThrow() + ")");
    return new TimeShapes(column, type, table.name() + "." + name);
  }

  /** Reads the whole column, so that the refusal tells exact counts. */
  private static void countAll(Reader reader, Table table, TimeColumn column, NaturalType type) {
    TimeShapes all = shapes(table, column, type);
    List<String> order = WalkOrder.byKey(table);
    ItemList items = new ItemList();
    items.atColumns(order);
    int time = items.at(PolicyTime.item(column));
    Row last = new Row(items.size());
    Optional<Row> after = Optional.empty();
    long read = SLICE;
    while (read == SLICE) {
      Scan scan =
          new Scan(table, items.items(), List.of(), new Range(order, after, Optional.empty()));
      read =
          reader.scan(
              scan,
              SLICE,
              row -> {
                all.add(row, time);
                for (int i = 0; i < order.size(); i++) {
                  last.set(i, row, i);
                }
                return true;
              });
      after = Optional.of(last.slice(0, order.size()));
    }
    all.detect();
  }

  /** The type of what a time column or expression gives. */
  public static NaturalType type(Table table, TimeColumn column) {
    return column
        .column()
        .flatMap(table::column)
        .map(Column::type)
        .orElse(NaturalType.of(NaturalType.Family.ANY));
  }
}

package io.tideline.core.archive;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.Table;
import java.util.ArrayList;
import java.util.List;

/** What a segment holds of each row. */
public final class SegmentColumns {
  private SegmentColumns() {}

  /** The columns of a segment of whole rows of a table, the hidden key first. */
  public static List<SegmentColumn> of(Table table) {
    List<SegmentColumn> columns = new ArrayList<>();
    Key key = table.key().orElseThrow();
    if (key.hidden()) {
      columns.add(
          new SegmentColumn(
              key.columns().get(0), "rowid", NaturalType.of(NaturalType.Family.INT64)));
    }
    for (Column column : table.archivedColumns()) {
      columns.add(new SegmentColumn(column.name(), column.declaredType(), column.type()));
    }
    return columns;
  }
}

package io.tideline.parquet;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/**
 * The columns of a file.
 *
 * @param cells how each column of the schema is kept
 * @param message those columns, then the one of exact values
 */
record FileLayout(Cell[] cells, MessageType message) {
  static FileLayout of(SegmentSchema schema) {
    int width = schema.columns().size();
    Cell[] cells = new Cell[width];
    List<Type> fields = new ArrayList<>();
    List<String> names = schema.fileNames();
    for (int i = 0; i < width; i++) {
      SegmentColumn column = schema.columns().get(i);
      cells[i] = Cells.of(column.type());
      fields.add(cells[i].type(names.get(i)));
    }
    fields.add(
        Cells.optional(
            PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType(), schema.exactColumn()));
    return new FileLayout(cells, new MessageType("row", fields));
  }
}

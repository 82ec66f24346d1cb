package io.tideline.parquet;

import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** UUIDs between their 36-character text and 16 bytes. */
final class UuidCell implements Cell {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] packed = new byte[16];
  private final Binary binary = Binary.fromReusedByteArray(packed);

  @Override
  public PrimitiveType type(String name) {
    return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
        .length(16)
        .as(LogicalTypeAnnotation.uuidType())
        .named(name);
  }

  @Override
  public void write(ColumnWriter out, Row row, int i) {
    byte[] text = row.bytes(i);
    int at = 0;
    for (int b = 0; b < 16; b++) {
      at += dashBefore(b) ? 1 : 0;
      packed[b] = (byte) (digit(text[at]) << 4 | digit(text[at + 1]));
      at += 2;
    }
    out.write(binary, 0, PRESENT);
  }

  @Override
  public void read(ColumnReader in, Row row, int i) {
    byte[] bytes = in.getBinary().getBytesUnsafe();
    byte[] text = new byte[36];
    int at = 0;
    for (int b = 0; b < 16; b++) {
      if (dashBefore(b)) {
        text[at++] = '-';
      }
      text[at++] = HEX[bytes[b] >> 4 & 15];
      text[at++] = HEX[bytes[b] & 15];
    }
    row.setText(i, text);
  }

  private static boolean dashBefore(int b) {
    return b == 4 || b == 6 || b == 8 || b == 10;
  }

  /** The value of a digit without a branch: letters have bit 6 set, and end in 1 to 6. */
  private static int digit(byte ascii) {
    return (ascii & 15) + 9 * (ascii >> 6);
  }
}

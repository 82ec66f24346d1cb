package io.tideline.parquet;

import io.tideline.row.Row;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Decimals between their text and their unscaled value, on the least type that holds it. */
final class DecimalCell implements Cell {
  private static final int INT_DIGITS = 9;
  private static final int LONG_DIGITS = 18;
  private static final int WIDE_BYTES = 16;

  private final int precision;
  private final int scale;
  private final byte[] digits = new byte[64];
  private final byte[] wide = new byte[WIDE_BYTES];
  private final Binary binary = Binary.fromReusedByteArray(wide);

  private DecimalCell(int precision, int scale) {
    this.precision = precision;
    this.scale = scale;
  }

  static DecimalCell of(int precision, int scale) {
    return new DecimalCell(precision, scale);
  }

  @Override
  public PrimitiveType type(String name) {
    LogicalTypeAnnotation meaning = LogicalTypeAnnotation.decimalType(scale, precision);
    if (precision > LONG_DIGITS) {
      return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
          .length(WIDE_BYTES)
          .as(meaning)
          .named(name);
    }
    return Cells.optional(
        precision > INT_DIGITS ? PrimitiveTypeName.INT64 : PrimitiveTypeName.INT32, meaning, name);
  }

  @Override
  public void write(ColumnWriter out, Row row, int i) {
    byte[] text = row.bytes(i);
    if (precision > LONG_DIGITS) {
      pack(text);
      out.write(binary, 0, PRESENT);
    } else if (precision > INT_DIGITS) {
      out.write(parse(text), 0, PRESENT);
    } else {
      out.write((int) parse(text), 0, PRESENT);
    }
  }

  @Override
  public void read(ColumnReader in, Row row, int i) {
    if (precision > LONG_DIGITS) {
      row.setText(i, unpack(in.getBinary().getBytesUnsafe()));
    } else {
      row.setText(i, print(precision > INT_DIGITS ? in.getLong() : in.getInteger()));
    }
  }

  private static long parse(byte[] text) {
    long value = 0;
    for (byte b : text) {
      if (b >= '0') {
        value = value * 10 + (b - '0');
      }
    }
    return text[0] == '-' ? -value : value;
  }

  private void pack(byte[] text) {
    if (text.length <= LONG_DIGITS) {
      long value = parse(text);
      ByteBuffer.wrap(wide).putLong(value >> 63).putLong(value);
      return;
    }
    String all = new String(text, StandardCharsets.US_ASCII).replace(".", "");
    byte[] value = new BigInteger(all).toByteArray();
    Arrays.fill(wide, 0, WIDE_BYTES - value.length, (byte) (value[0] >> 7));
    System.arraycopy(value, 0, wide, WIDE_BYTES - value.length, value.length);
  }

  private byte[] unpack(byte[] value) {
    ByteBuffer halves = ByteBuffer.wrap(value);
    long high = halves.getLong();
    long low = halves.getLong();
    if (high == low >> 63 && low != Long.MIN_VALUE) {
      return print(low);
    }
    BigInteger all = new BigInteger(value);
    byte[] magnitude = all.abs().toString().getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(magnitude, 0, digits, digits.length - magnitude.length, magnitude.length);
    return text(digits.length - magnitude.length, all.signum() < 0);
  }

  private byte[] print(long value) {
    long rest = Math.abs(value);
    int at = digits.length;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    return text(at, value < 0);
  }

  /** The text of the digits from {@code at} to the end of the buffer. */
  private byte[] text(int at, boolean negative) {
    int first = at;
    while (digits.length - first <= scale) {
      digits[--first] = '0';
    }
    int whole = digits.length - scale - first;
    int sign = negative ? 1 : 0;
    byte[] text = new byte[sign + whole + (scale > 0 ? scale + 1 : 0)];
    text[0] = '-';
    System.arraycopy(digits, first, text, sign, whole);
    if (scale > 0) {
      text[sign + whole] = '.';
      System.arraycopy(digits, digits.length - scale, text, sign + whole + 1, scale);
    }
    return text;
  }
}

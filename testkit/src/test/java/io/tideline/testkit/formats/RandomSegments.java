package io.tideline.testkit.formats;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;

/** Random schemas and rows, mostly ordinary values and now and then the nastiest there are. */
final class RandomSegments {
  static final long[] LONGS = {
    0,
    1,
    -1,
    2,
    127,
    1L << 31,
    -(1L << 31),
    (1L << 31) - 1,
    (1L << 53) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    86_399_999_999L,
    86_400_000_000L,
    -62_135_596_800_000_000L,
    -62_135_596_800_000_001L,
    253_402_300_799_999_999L,
    253_402_300_800_000_000L,
    -719_162,
    -719_163,
    2_932_896,
    2_932_897
  };
  static final long[] REALS = {
    0,
    0x8000000000000000L,
    0x7ff8000000000000L,
    0x7ff8000000000001L,
    0x7ff4000000000000L,
    0xfff8000000000000L,
    0xffffffffffffffffL,
    0x7ff0000000000000L,
    0xfff0000000000000L,
    1,
    0x000fffffffffffffL,
    0x0010000000000000L,
    0x7fefffffffffffffL,
    0x3ff0000000000001L,
    Double.doubleToRawLongBits(1.5),
    Double.doubleToRawLongBits((double) 0.1f),
    Double.doubleToRawLongBits(2e-3),
    Double.doubleToRawLongBits(1e23),
    0x36a0000000000000L,
    Double.doubleToRawLongBits(Float.MIN_VALUE),
    0x7ff8000020000000L
  };
  static final String[] TEXTS = {
    "",
    "a",
    "\u0000",
    "a\u0000b",
    "\"\\/\b\f\n\r\t\u0001\u001f\u007f",
    "äöü€",
    "𝄞",
    "\u2028",
    "0",
    "-0",
    "1.50",
    "-1.50",
    "01.50",
    "1.5",
    "-0.00",
    "0.00",
    "0.01",
    "-0.01",
    "12345678.90",
    ".50",
    "99999999999999999999999999999999999.999",
    "-1000000000000000000000",
    "1e5",
    "NaN",
    "{\"a\":1}",
    "123e4567-e89b-12d3-a456-426614174000",
    "123E4567-e89b-12d3-a456-426614174000",
    "null",
    "}\n{",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775.808",
    "+1",
    "--1",
    "-",
    "."
  };
  static final byte[][] BYTES = {
    {},
    {0},
    {(byte) 0xff},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {'a', (byte) 0xc3},
    {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xe0, (byte) 0x80, (byte) 0x80},
    {(byte) 0xf0, (byte) 0x80, (byte) 0x80, (byte) 0x80},
    {'1', '2', '3', '4', '5', '6', '7', (byte) 0x80},
    {'1', '2', '3', '4', '5', '6', '7', '8', 0}
  };
  static final String[] NAMES = {
    "id",
    "a",
    "A",
    "a.b",
    "a b",
    "select",
    "\"q\"",
    "'",
    "\\",
    "ö",
    "Ö",
    "ß",
    "SS",
    "",
    " ",
    "x\ny",
    "日本",
    "_row",
    "_ROW",
    "_tideline_exact",
    "_Tideline_Exact",
    "filename",
    "file_row_number",
    "file_index",
    "A_2",
    "a_2",
    "Filename",
    "~/",
    "{",
    "𝄞",
    "element",
    "list",
    "key.value.x",
    "_outcome",
    "%",
    "$1",
    "İ",
    "i̇",
    "ı",
    "I",
    "K",
    "\u212a"
  };

  private final Random random;

  RandomSegments(long seed) {
    random = new Random(seed);
  }

  SegmentSchema schema(int width) {
    List<String> names = new ArrayList<>(List.of(NAMES));
    java.util.Collections.shuffle(names, random);
    List<SegmentColumn> columns = new ArrayList<>();
    for (int i = 0; i < width; i++) {
      columns.add(new SegmentColumn(i < names.size() ? names.get(i) : "c" + i, "", type()));
    }
    return new SegmentSchema("t", columns);
  }

  private NaturalType type() {
    Family family = Family.values()[random.nextInt(Family.values().length)];
    if (family != Family.DECIMAL) {
      return NaturalType.of(family);
    }
    int precision = 1 + random.nextInt(NaturalType.MAX_PRECISION);
    return new NaturalType(family, precision, random.nextInt(precision + 1));
  }

  List<Row> rows(SegmentSchema schema, int count) {
    boolean[] empty = new boolean[schema.columns().size()];
    int[] nastiness = new int[empty.length];
    for (int i = 0; i < empty.length; i++) {
      empty[i] = random.nextInt(8) == 0;
      nastiness[i] = random.nextInt(3) == 0 ? 2 : 50;
    }
    return IntStream.range(0, count)
        .mapToObj(
            r -> {
              Row row = new Row(empty.length);
              for (int i = 0; i < empty.length; i++) {
                if (!empty[i] && random.nextInt(5) > 0) {
                  fill(row, i, schema.columns().get(i).type(), nastiness[i]);
                }
              }
              return row;
            })
        .toList();
  }

  private void fill(Row row, int i, NaturalType type, int nastiness) {
    if (random.nextInt(nastiness) == 0) {
      nasty(row, i);
      return;
    }
    switch (type.family()) {
      case INT32, DATE -> row.setInteger(i, random.nextInt(40_000));
      case INT64, ANY -> row.setInteger(i, random.nextLong());
      case BOOLEAN -> row.setInteger(i, random.nextInt(2));
      case TIME -> row.setInteger(i, random.nextLong(86_400_000_000L));
      case TIMESTAMP -> row.setInteger(i, random.nextLong(2_000_000_000_000_000L));
      case TIMESTAMP_UTC -> row.setInteger(i, random.nextInt() * 1_000_000L);
      case FLOAT32 -> row.setReal(i, Float.intBitsToFloat(random.nextInt()));
      case FLOAT64 -> row.setReal(i, Double.longBitsToDouble(random.nextLong()));
      case DECIMAL -> row.setText(i, ascii(decimal(type)));
      case TEXT -> row.setText(i, text());
      case JSON -> row.setText(i, ascii("{\"a\": " + random.nextInt(99) + "}"));
      case UUID -> row.setText(i, ascii(new UUID(random.nextLong(), random.nextLong()).toString()));
      case BLOB -> row.setBlob(i, bytes());
    }
  }

  private String decimal(NaturalType type) {
    int digits = random.nextInt(type.precision() + 1);
    StringBuilder unscaled = new StringBuilder();
    for (int d = 0; d < digits; d++) {
      unscaled.append((char) ('0' + random.nextInt(10)));
    }
    java.math.BigInteger value =
        new java.math.BigInteger(unscaled.isEmpty() ? "0" : unscaled.toString());
    return new java.math.BigDecimal(random.nextBoolean() ? value : value.negate(), type.scale())
        .toPlainString();
  }

  private byte[] text() {
    int length = random.nextInt(random.nextInt(20) == 0 ? 3_000 : 30);
    StringBuilder text = new StringBuilder();
    for (int c = 0; c < length; c++) {
      text.appendCodePoint(
          random.nextInt(9) > 0 ? ' ' + random.nextInt(95) : 1 + random.nextInt(0xd7fe));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  private void nasty(Row row, int i) {
    switch (random.nextInt(5)) {
      case 0 -> row.setInteger(i, LONGS[random.nextInt(LONGS.length)]);
      case 1 -> row.setReal(i, Double.longBitsToDouble(REALS[random.nextInt(REALS.length)]));
      case 2 ->
          row.setText(i, TEXTS[random.nextInt(TEXTS.length)].getBytes(StandardCharsets.UTF_8));
      case 3 -> row.setText(i, BYTES[random.nextInt(BYTES.length)]);
      default -> row.setBlob(i, BYTES[random.nextInt(BYTES.length)]);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

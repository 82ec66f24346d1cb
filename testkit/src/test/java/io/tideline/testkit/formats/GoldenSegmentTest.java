package io.tideline.testkit.formats;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentReader;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.Row;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments that an earlier version wrote are read for ever; the files are never made anew. */
final class GoldenSegmentTest {
  static final SegmentSchema SCHEMA =
      new SegmentSchema(
          "every_type",
          List.of(
              column("int32", Family.INT32),
              column("int64", Family.INT64),
              column("boolean", Family.BOOLEAN),
              column("float32", Family.FLOAT32),
              column("float64", Family.FLOAT64),
              decimal("small", 9, 2),
              decimal("middle", 18, 0),
              decimal("large", 38, 10),
              column("text", Family.TEXT),
              column("Text", Family.TEXT),
              column("a \"json\".x", Family.JSON),
              column("uuid", Family.UUID),
              column("blob", Family.BLOB),
              column("date", Family.DATE),
              column("time", Family.TIME),
              column("timestamp", Family.TIMESTAMP),
              column("", Family.TIMESTAMP_UTC)));

  private static SegmentColumn column(String name, Family family) {
    return new SegmentColumn(name, "declared", NaturalType.of(family));
  }

  private static SegmentColumn decimal(String name, int precision, int scale) {
    return new SegmentColumn(name, "numeric", new NaturalType(Family.DECIMAL, precision, scale));
  }

  /** An ordinary row, one of nulls, and each of some odd values in every column. */
  static List<Row> rows() {
    Row ordinary = new Row(17);
    ordinary.setInteger(0, -7);
    ordinary.setInteger(1, Long.MIN_VALUE);
    ordinary.setInteger(2, 1);
    ordinary.setReal(3, 0.1f);
    ordinary.setReal(4, -0.0);
    ordinary.setText(5, utf8("-1234567.89"));
    ordinary.setText(6, utf8("999999999999999999"));
    ordinary.setText(7, utf8("-1234567890123456789012345678.0123456789"));
    ordinary.setText(8, utf8("ö€𝄞\"\\\n\u0001"));
    ordinary.setText(9, utf8(""));
    ordinary.setText(10, utf8("{\"a\": [1, null]}"));
    ordinary.setText(11, utf8("123e4567-e89b-12d3-a456-426614174000"));
    ordinary.setBlob(12, new byte[] {0, 1, -1});
    ordinary.setInteger(13, -1);
    ordinary.setInteger(14, 86_399_999_999L);
    ordinary.setInteger(15, -1);
    ordinary.setInteger(16, 1_777_716_000_000_001L);
    List<Row> rows = new ArrayList<>(List.of(ordinary, new Row(17)));
    Row odd = new Row(5);
    odd.setInteger(0, Long.MAX_VALUE);
    odd.setReal(1, Double.longBitsToDouble(0x7ff8000000000001L));
    odd.setText(2, new byte[] {'a', (byte) 0xed, (byte) 0xa0, (byte) 0x80});
    odd.setText(3, utf8("a\u0000\"{"));
    odd.setBlob(4, new byte[] {(byte) 0xfe});
    for (int i = 0; i < odd.width(); i++) {
      Row row = new Row(17);
      for (int c = 0; c < row.width(); c++) {
        row.set(c, odd, i);
      }
      rows.add(row);
    }
    return rows;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void segments_of_version_1_are_read(String format) throws Exception {
    Path file = golden(format);
    List<Row> back = new ArrayList<>();
    try (SegmentReader reader = SegmentFormatContract.load(format).read(file, SCHEMA)) {
      Row row = new Row(17);
      while (reader.next(row)) {
        back.add(row.slice(0, 17));
      }
    }
    assertThat(back).isEqualTo(rows());
  }

  /** Text has no library beneath that may change: what is written now is what was written then. */
  @Test
  void text_is_still_written_so() throws Exception {
    SegmentFormatContract.Written written =
        SegmentFormatContract.write(SegmentFormatContract.load("jsonl"), SCHEMA, rows());
    assertThat(new String(written.bytes(), StandardCharsets.UTF_8))
        .isEqualTo(Files.readString(golden("jsonl")));
    assertThat(written.exceptions()).containsEntry("int32", 5L).containsEntry("int64", 4L);
  }

  private static Path golden(String format) throws URISyntaxException {
    URL url = GoldenSegmentTest.class.getResource("/golden/v1/every-type." + format);
    return Path.of(Objects.requireNonNull(url, "golden file").toURI());
  }
}

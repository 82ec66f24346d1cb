package io.tideline.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.row.Row;
import io.tideline.text.RowExporter.Form;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RowExporterTest {
  private static final SegmentSchema SCHEMA =
      new SegmentSchema(
          "t",
          List.of(
              column("id", Family.INT64),
              column("say \"hi\", all", Family.TEXT),
              column("real", Family.FLOAT64),
              column("ok", Family.BOOLEAN),
              column("blob", Family.BLOB),
              column("json", Family.JSON),
              column("at", Family.TIMESTAMP_UTC),
              new SegmentColumn("price", "", new NaturalType(Family.DECIMAL, 30, 2))));

  private static SegmentColumn column(String name, Family family) {
    return new SegmentColumn(name, "", NaturalType.of(family));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Row ordinary() {
    Row row = new Row(8);
    row.setInteger(0, Long.MIN_VALUE);
    row.setText(1, utf8("a,\"b\"\r\nö"));
    row.setReal(2, -0.0);
    row.setInteger(3, 1);
    row.setBlob(4, new byte[] {0, -1});
    row.setText(5, utf8("{\n \"a\": \"\\n\"}"));
    row.setInteger(6, 1_777_716_000_000_001L);
    row.setText(7, utf8("1234567890123456789012345678.90"));
    return row;
  }

  private static Row odd() {
    Row row = new Row(8);
    row.setText(0, utf8("text"));
    row.setText(1, new byte[] {'x', -1});
    row.setReal(2, Double.NEGATIVE_INFINITY);
    row.setInteger(3, 7);
    row.setText(4, utf8(""));
    row.setText(5, utf8("{no json"));
    row.setInteger(6, Long.MAX_VALUE);
    row.setInteger(7, 3);
    return row;
  }

  private static String export(Form form, Row... rows) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    RowExporter exporter = RowExporter.of(form, out, SCHEMA);
    for (Row row : rows) {
      exporter.row(row);
    }
    exporter.finish();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void csv() throws IOException {
    assertThat(export(Form.CSV, ordinary(), odd(), new Row(8)))
        .isEqualTo(
            "id,\"say \"\"hi\"\", all\",real,ok,blob,json,at,price\r\n"
                + "-9223372036854775808,\"a,\"\"b\"\"\r\nö\",-0.0,true,\\x00ff,"
                + "\"{\n \"\"a\"\": \"\"\\n\"\"}\",2026-05-02T10:00:00.000001Z,"
                + "1234567890123456789012345678.90\r\n"
                + "text,x\uFFFD,-Infinity,7,\"\",{no json,9223372036854775807,3\r\n"
                + ",,,,,,,\r\n");
  }

  @Test
  void jsonl() throws IOException {
    assertThat(export(Form.JSONL, ordinary(), odd()))
        .isEqualTo(
            "{\"id\":-9223372036854775808,\"say \\\"hi\\\", all\":\"a,\\\"b\\\"\\r\\nö\","
                + "\"real\":-0.0,\"ok\":true,\"blob\":\"\\\\x00ff\",\"json\":{  \"a\": \"\\n\"},"
                + "\"at\":\"2026-05-02T10:00:00.000001Z\","
                + "\"price\":1234567890123456789012345678.90}\n"
                + "{\"id\":\"text\",\"say \\\"hi\\\", all\":\"x\uFFFD\",\"real\":\"-Infinity\","
                + "\"ok\":7,\"blob\":\"\",\"json\":\"{no json\",\"at\":9223372036854775807,"
                + "\"price\":3}\n");
  }

  @Test
  void json_is_one_array() throws IOException {
    assertThat(export(Form.JSON)).isEqualTo("[]\n");
    assertThat(export(Form.JSON, new Row(8), new Row(8)))
        .startsWith("[\n{\"id\":null,")
        .contains("\"price\":null},\n{\"id\":null")
        .endsWith("}\n]\n");
  }

  @Test
  void values_of_a_query() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i");
    RowExporter exporter = RowExporter.of(Form.JSONL, out, names);
    exporter.row(
        new Object[] {
          null,
          1L,
          BigInteger.TEN,
          new BigDecimal("1E+3"),
          Float.NaN,
          new byte[] {1},
          LocalDate.EPOCH,
          LocalDateTime.parse("2026-05-02T10:00:00"),
          OffsetDateTime.parse("2026-05-02T10:00:00.5Z")
        });
    exporter.finish();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"a\":null,\"b\":1,\"c\":10,\"d\":1000,\"e\":\"NaN\",\"f\":\"\\\\x01\","
                + "\"g\":\"1970-01-01\",\"h\":\"2026-05-02T10:00:00\","
                + "\"i\":\"2026-05-02T10:00:00.5Z\"}\n");
  }
}

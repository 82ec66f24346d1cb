package io.tideline.testkit.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.QueryEngine;
import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QueryEngineTest {
  private static final Instant SEALED = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path folder;

  private int files;

  private record Answer(List<String> names, List<String> types, List<List<Object>> rows) {}

  private static Answer query(List<ArchiveView> views, String sql) {
    QueryEngine engine = ServiceLoader.load(QueryEngine.class).findFirst().orElseThrow();
    List<String> columns = new ArrayList<>();
    List<String> kinds = new ArrayList<>();
    List<List<Object>> rows = new ArrayList<>();
    engine.query(
        views,
        sql,
        new QueryEngine.Result() {
          @Override
          public void columns(List<String> names, List<String> types) {
            columns.addAll(names);
            kinds.addAll(types);
          }

          @Override
          public boolean row(Object[] values) {
            rows.add(new ArrayList<>(Arrays.asList(values)));
            return true;
          }
        });
    return new Answer(columns, kinds, rows);
  }

  private static SegmentColumn column(String name, Family family) {
    return new SegmentColumn(
        name,
        "",
        family == Family.DECIMAL ? new NaturalType(family, 20, 2) : NaturalType.of(family));
  }

  private static SegmentSchema schema(SegmentColumn... columns) {
    return new SegmentSchema("t", List.of(columns));
  }

  private ArchiveView.Segment segment(String format, SegmentSchema schema, List<Row> rows)
      throws IOException {
    return segment(format, schema, rows, false, RowRanges.empty(), Map.of());
  }

  private ArchiveView.Segment segment(
      String format,
      SegmentSchema schema,
      List<Row> rows,
      boolean hiddenKey,
      RowRanges hidden,
      Map<String, RowRanges> outcomes)
      throws IOException {
    SegmentFormatContract.Written written =
        SegmentFormatContract.write(SegmentFormatContract.load(format), schema, rows);
    Path folderOfBrackets = Files.createDirectories(folder.resolve("a'[1]*"));
    Path file = folderOfBrackets.resolve("s" + files++ + "." + format);
    Files.write(file, written.bytes());
    return new ArchiveView.Segment(
        file,
        format,
        written.schema(),
        hiddenKey,
        written.exceptions(),
        rows.size(),
        hidden,
        outcomes,
        "run-" + files,
        SEALED);
  }

  private static List<ArchiveView> view(ArchiveView.Segment... segments) {
    return List.of(new ArchiveView("t", List.of(segments)));
  }

  private static Row row(Object... values) {
    Row row = new Row(values.length);
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Number number && !(number instanceof Double)) {
        row.setInteger(i, number.longValue());
      } else if (values[i] instanceof Double real) {
        row.setReal(i, real);
      } else if (values[i] instanceof String text) {
        row.setText(i, text.getBytes(StandardCharsets.UTF_8));
      } else if (values[i] instanceof byte[] bytes) {
        row.setBlob(i, bytes);
      }
    }
    return row;
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void ordinary_columns_have_their_natural_types(String format) throws IOException {
    SegmentColumn[] columns =
        Arrays.stream(Family.values())
            .filter(family -> family != Family.ANY)
            .map(family -> column(family.name(), family))
            .toArray(SegmentColumn[]::new);
    Row row =
        row(
            1,
            1L << 53 | 1,
            1,
            0.1f * 1.0,
            0.1,
            "123456789012345678.90",
            "ö\"\n",
            "{\"a\":1}",
            "123e4567-e89b-12d3-a456-426614174000",
            new byte[] {0, -1},
            -1,
            86_399_999_999L,
            -1,
            1_777_716_000_000_001L);
    Answer answer = query(view(segment(format, schema(columns), List.of(row))), "FROM t");
    assertThat(answer.names())
        .startsWith("INT32", "INT64")
        .endsWith("_outcome", "_run", "_archived_at");
    assertThat(answer.types())
        .containsExactly(
            "INTEGER",
            "BIGINT",
            "BOOLEAN",
            "FLOAT",
            "DOUBLE",
            "DECIMAL(20,2)",
            "VARCHAR",
            "JSON",
            "UUID",
            "BLOB",
            "DATE",
            "TIME",
            "TIMESTAMP",
            "TIMESTAMP WITH TIME ZONE",
            "VARCHAR",
            "VARCHAR",
            "TIMESTAMP WITH TIME ZONE");
    List<Object> values = answer.rows().get(0);
    assertThat((byte[]) values.remove(9)).containsExactly(0, -1);
    assertThat(values)
        .containsExactly(
            1L,
            1L << 53 | 1,
            true,
            0.1f,
            0.1,
            new BigDecimal("123456789012345678.90"),
            "ö\"\n",
            "{\"a\":1}",
            "123e4567-e89b-12d3-a456-426614174000",
            LocalDate.of(1969, 12, 31),
            LocalTime.parse("23:59:59.999999"),
            LocalDateTime.parse("1969-12-31T23:59:59.999999"),
            OffsetDateTime.parse("2026-05-02T10:00:00.000001Z"),
            "deleted",
            "run-1",
            SEALED.atOffset(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void exact_values_are_shown_as_text(String format) throws IOException {
    SegmentSchema schema =
        schema(
            column("n/~\"'", Family.INT64), column("b", Family.BLOB), column("c", Family.FLOAT64));
    List<Row> rows =
        List.of(
            row(7, new byte[] {0x1f}, 1.5),
            row("text", "x", 2),
            row(0.1, 5, Double.longBitsToDouble(0xfff8000000000001L)),
            row(-Double.MIN_VALUE, null, Double.NEGATIVE_INFINITY),
            row(new byte[] {(byte) 0xab}, -Double.MAX_VALUE, "a\u0000"));
    Answer answer = query(view(segment(format, schema, rows)), "SELECT \"n/~\"\"'\", b, c FROM t");
    assertThat(answer.types()).containsOnly("VARCHAR");
    assertThat(answer.rows())
        .containsExactly(
            List.of("7", "1f", "1.5"),
            List.of("text", "x", "2"),
            List.of("0.1", "5", "NaN"),
            Arrays.asList("-5e-324", null, "-inf"),
            List.of("ab", "-1.7976931348623157e+308", "6100"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void hidden_rows_are_left_out_and_outcomes_told(String format) throws IOException {
    SegmentSchema schema = schema(column("rowid", Family.INT64), column("x", Family.INT64));
    Random random = new Random(5);
    List<ArchiveView.Segment> segments = new ArrayList<>();
    List<List<Object>> expected = new ArrayList<>();
    for (int s = 0; s < 3; s++) {
      BitSet hidden = new BitSet();
      BitSet gone = new BitSet();
      BitSet doubt = new BitSet();
      List<Row> rows = new ArrayList<>();
      for (int r = 0; r < 20_000; r++) {
        rows.add(row(r, s * 100_000L + r));
        hidden.set(r, random.nextInt(2) == 0);
        gone.set(r, random.nextInt(9) == 0);
        doubt.set(r, !gone.get(r) && s == 1 && r > 9_000);
        if (!hidden.get(r)) {
          String outcome = gone.get(r) ? "gone" : doubt.get(r) ? "in-doubt" : "deleted";
          expected.add(List.of(s * 100_000L + r, outcome, "run-" + (s + 1)));
        }
      }
      segments.add(
          segment(
              format,
              schema,
              rows,
              true,
              RowRanges.of(hidden),
              Map.of("gone", RowRanges.of(gone), "in-doubt", RowRanges.of(doubt))));
    }
    List<ArchiveView> views = List.of(new ArchiveView("t", segments));
    Answer answer = query(views, "SELECT * EXCLUDE _archived_at FROM t ORDER BY x");
    assertThat(answer.names()).containsExactly("x", "_outcome", "_run");
    assertThat(answer.rows()).isEqualTo(expected);
    assertThat(query(views, "SELECT count(*) FROM t").rows())
        .containsExactly(List.of((long) expected.size()));
  }

  @Test
  void segments_that_differ_are_one_view() throws IOException {
    ArchiveView.Segment old =
        segment(
            "jsonl",
            schema(
                column("id", Family.INT64), column("old", Family.TEXT), column("b", Family.BLOB)),
            List.of(row(1, "o", new byte[] {1})));
    ArchiveView.Segment middle =
        segment(
            "parquet",
            schema(column("id", Family.INT64), column("b", Family.BLOB)),
            List.of(row(2, null)));
    ArchiveView.Segment young =
        segment(
            "parquet",
            schema(column("ID", Family.TEXT), column("new", Family.DATE), column("b", Family.BLOB)),
            List.of(row("three", 0, new byte[] {-1})));
    Answer answer =
        query(
            view(old, middle, young),
            "SELECT * EXCLUDE (_archived_at, _run, _outcome) FROM t ORDER BY id");
    assertThat(answer.names()).containsExactly("ID", "new", "b", "old");
    assertThat(answer.types()).containsExactly("VARCHAR", "DATE", "BLOB", "VARCHAR");
    assertThat(answer.rows()).extracting(row -> row.get(0)).containsExactly("1", "2", "three");
    assertThat(answer.rows().get(2).get(1)).isEqualTo(LocalDate.EPOCH);
    assertThat(answer.rows().get(0).get(3)).isEqualTo("o");
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void ugly_names_and_random_values_can_be_queried(String format) {
    long seed = new Random().nextLong(1_000_000);
    assertThatCode(() -> queryUgly(format, seed)).as("seed %s", seed).doesNotThrowAnyException();
  }

  private void queryUgly(String format, long seed) throws IOException {
    RandomSegments random = new RandomSegments(seed);
    SegmentSchema schema = random.schema(40);
    List<Row> rows = random.rows(schema, 300);
    ArchiveView.Segment segment = segment(format, schema, rows);
    List<ArchiveView> views =
        List.of(
            new ArchiveView("od\"d.ta'ble", List.of(segment)),
            new ArchiveView("Select", List.of(segment)),
            new ArchiveView("sELECT", List.of(segment)));
    for (String name : List.of("\"od\"\"d.ta'ble\"", "\"od\"\"d\".\"ta'ble\"", "\"Select\"")) {
      Answer answer = query(views, "SELECT * FROM " + name);
      assertThat(answer.rows()).hasSize(300);
      assertThat(answer.names()).hasSize(43);
    }
    assertThat(query(views, "SHOW TABLES").rows())
        .containsExactly(List.of("Select"), List.of("od\"d.ta'ble"));
  }

  @Test
  void a_time_before_the_engines_first_is_shown_in_microseconds() throws IOException {
    SegmentSchema schema = schema(column("x", Family.TIMESTAMP));
    List<Row> rows =
        List.of(
            row(Long.MIN_VALUE),
            row(-9_223_372_022_400_000_001L),
            row(-9_223_372_022_400_000_000L),
            row(0),
            row("infinity"));
    assertThat(query(view(segment("parquet", schema, rows)), "SELECT x FROM t").rows())
        .containsExactly(
            List.of("-9223372036854775808"),
            List.of("-9223372022400000001"),
            List.of("290309-12-22 (BC) 00:00:00"),
            List.of("1970-01-01 00:00:00"),
            List.of("infinity"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT CAST(x AS VARCHAR) FROM t", "SUMMARIZE t"})
  void a_failure_inside_the_engine_is_told_and_ends_with_its_query(String sql) throws IOException {
    List<ArchiveView> views =
        view(
            segment(
                "parquet", schema(column("x", Family.TIMESTAMP)), List.of(row(Long.MIN_VALUE))));
    assertRefused(views, sql)
        .hasMessageContaining("DuckDB failed inside itself (Scalar function … threw")
        .hasMessageContaining("Date out of range in timestamp conversion)")
        .hasMessageContaining("the next query starts afresh")
        .hasMessageNotContaining("Original error");
    assertThat(query(views, "SELECT x FROM t").rows()).hasSize(1);
  }

  @Test
  void what_does_not_only_read_one_thing_is_refused() throws IOException {
    List<ArchiveView> views =
        view(segment("parquet", schema(column("id", Family.INT64)), List.of(row(1))));
    for (String sql :
        List.of(
            "CREATE TABLE x(a INT)",
            "SET threads = 8",
            "ATTACH ':memory:' AS x",
            "CHECKPOINT",
            "COPY (SELECT 1) TO '/tmp/x'",
            "PRAGMA version",
            "INSTALL httpfs",
            "DROP VIEW t",
            "EXPLAIN DROP VIEW t",
            "explain analyze create table x(a int)",
            "COMMIT",
            "LOAD json",
            "EXPLAIN EXPLAIN DROP VIEW t",
            "EXPORT DATABASE '/tmp/x'")) {
      assertRefused(views, sql).hasMessageContaining("only a query that reads is allowed");
    }
    for (String sql : List.of("SELECT 1; SELECT 2", "SELECT 1; DROP VIEW t", "", " ; ", "-- x")) {
      assertRefused(views, sql);
    }
    assertRefused(views, "SELECT FROM WHERE").hasMessageContaining("it cannot be parsed");
    assertRefused(views, "SELECT * FROM nope").hasMessageContaining("nope");
    assertRefused(
        views, "WITH x AS (INSERT INTO _tideline.marks VALUES ('', 0, 0, NULL)) SELECT 1");
    assertRefused(views, "SELECT nope FROM t")
        .hasMessageContaining("The archive's tables are t; ask one SELECT.");
    assertRefused(views, "SELECT CAST('secret' AS INTEGER)")
        .hasMessageNotContaining("secret")
        .hasMessageContaining("Conversion Error");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ?> assertRefused(
      List<ArchiveView> views, String sql) {
    return assertThatThrownBy(() -> query(views, sql))
        .as(sql)
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUERY_REFUSED))
        .hasMessageStartingWith("Cannot run the query: ");
  }

  @Test
  void reading_statements_are_let_through() throws IOException {
    List<ArchiveView> views =
        view(segment("parquet", schema(column("id", Family.INT64)), List.of(row(1))));
    for (String sql :
        List.of(
            "SELECT 1;",
            "VALUES (1)",
            "FROM t",
            "TABLE t",
            "WITH x AS (FROM t) FROM x",
            "DESCRIBE t",
            "SHOW TABLES",
            "SUMMARIZE t",
            "EXPLAIN FROM t",
            "/* a */ -- b\n explain analyze select * from t",
            "(SELECT 1)")) {
      assertThat(query(views, sql).rows()).as(sql).isNotEmpty();
    }
  }

  @Test
  void no_other_file_can_be_read() throws IOException {
    List<ArchiveView> views =
        view(segment("parquet", schema(column("id", Family.INT64)), List.of(row(1))));
    Path other = Files.writeString(folder.resolve("other.csv"), "secret\n1\n");
    for (String sql :
        List.of(
            "FROM '" + other + "'",
            "FROM read_text('/etc/passwd')",
            "FROM glob('/*')",
            "FROM read_csv('" + folder + "/../" + folder.getFileName() + "/other.csv')",
            "FROM query('FROM ''" + other + "''')",
            "FROM 'https://example.org/x.parquet'")) {
      assertRefused(views, sql);
    }
  }

  @Test
  void nothing_archived_is_no_table() {
    assertRefused(List.of(), "SELECT * FROM t").hasMessageContaining("holds no table yet");
    assertRefused(List.of(new ArchiveView("t", List.of())), "SELECT * FROM t");
    assertThat(query(List.of(), "SELECT 1").rows()).containsExactly(List.of(1L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "jsonl"})
  void a_damaged_or_missing_file_is_told(String format) throws IOException {
    ArchiveView.Segment whole =
        segment(format, schema(column("id", Family.INT64)), List.of(row(1)));
    ArchiveView.Segment damaged =
        segment(format, schema(column("id", Family.INT64)), List.of(row(1)));
    Files.writeString(damaged.file(), "this is something else entirely\n");
    assertCorrupt(view(whole, damaged), damaged.file());
    assertCorrupt(view(damaged, whole), damaged.file());
    Files.delete(damaged.file());
    assertCorrupt(view(whole, damaged), damaged.file());
  }

  private static void assertCorrupt(List<ArchiveView> views, Path file) {
    assertThatThrownBy(() -> query(views, "SELECT * FROM t"))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
        .hasMessageStartingWith("Cannot query segment " + file + ": ");
  }

  @Test
  void rows_stop_when_no_more_are_wanted() throws IOException {
    List<Long> seen = new ArrayList<>();
    ServiceLoader.load(QueryEngine.class)
        .findFirst()
        .orElseThrow()
        .query(
            List.of(),
            "FROM range(100000000)",
            new QueryEngine.Result() {
              @Override
              public void columns(List<String> names, List<String> types) {}

              @Override
              public boolean row(Object[] values) {
                seen.add((Long) values[0]);
                return seen.size() < 3;
              }
            });
    assertThat(seen).containsExactly(0L, 1L, 2L);
  }
}

package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each value is read, deleted, put back, and must then be what it was, to the last bit. */
class ValuesTest {
  private static Postgres postgres;
  private static int count;

  private record Type(String name, List<String> values) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Scales that PostgreSQL has since version 15. */
  private static final List<String> ODD_SCALES = List.of("numeric(5,-2)", "numeric(3,5)");

  static Stream<Type> types() {
    return Stream.of(
        new Type("boolean", List.of("true", "false")),
        new Type("smallint", List.of("-32768", "32767")),
        new Type("integer", List.of("-2147483648", "2147483647")),
        new Type(
            "bigint", List.of("-9223372036854775808", "9223372036854775807", "9007199254740993")),
        new Type("oid", List.of("4294967295", "0")),
        new Type(
            "real",
            List.of(
                "'NaN'",
                "'Infinity'",
                "'-Infinity'",
                "'-0'",
                "0.1",
                "3.4028235e38",
                "1e-45",
                "16777217")),
        new Type(
            "double precision",
            List.of(
                "'NaN'",
                "'Infinity'",
                "'-Infinity'",
                "'-0'",
                "0.1",
                "1.7976931348623157e308",
                "5e-324",
                "9007199254740993")),
        new Type(
            "numeric",
            List.of(
                "'NaN'",
                "'Infinity'",
                "'-Infinity'",
                "0",
                "0.00",
                "-0.000123",
                "12345678901234567890123456789.987654321",
                "1e-30",
                "10000",
                "100000000",
                "1e400",
                "0.10",
                "99990000.0001",
                "-1e-16383",
                "1.00000")),
        new Type("numeric(10,2)", List.of("12345678.90", "0", "-0.01")),
        new Type("numeric(5,-2)", List.of("12300", "-100")),
        new Type("numeric(3,5)", List.of("0.00123")),
        new Type(
            "text",
            List.of(
                "''",
                "E'tab\\t nl\\n cr\\r bs\\\\ quote'' dq\" \\\\N \\\\.'",
                "'ünïcode 😀'",
                "repeat('long ', 100000)")),
        new Type("varchar(20)", List.of("'x  '", "''")),
        new Type("char(6)", List.of("'ab'", "'ab  '", "''", "' x'")),
        new Type("name", List.of("'a name'")),
        new Type("\"char\"", List.of("'c'", "''")),
        new Type("json", List.of("'{\"b\":1,  \"a\": [1.0, null]}'", "'\"x\"'")),
        new Type("jsonb", List.of("'{\"b\":1.50,  \"a\": [1e5, null, \"\\u00fc\"]}'")),
        new Type(
            "uuid",
            List.of(
                "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
                "'00000000-0000-0000-0000-000000000000'")),
        new Type("bytea", List.of("''", "'\\x00ff5c0a'", "decode(repeat('00ff', 50000), 'hex')")),
        new Type(
            "date",
            List.of(
                "'infinity'",
                "'-infinity'",
                "'4713-01-01 BC'",
                "'0001-12-31 BC'",
                "'5874897-12-31'",
                "'1969-12-31'",
                "'2024-02-29'")),
        new Type("time", List.of("'24:00:00'", "'00:00:00'", "'23:59:59.999999'", "'01:02:03.1'")),
        new Type("timetz", List.of("'10:00:00.5+05:30'", "'24:00:00-15:59:59'")),
        new Type(
            "timestamp",
            List.of(
                "'infinity'",
                "'-infinity'",
                "'4713-01-01 00:00:00 BC'",
                "'294276-12-31 23:59:59.999999'",
                "'294247-01-10 04:00:54.775808'",
                "'294247-01-10 04:00:54.775807'",
                "'1969-12-31 23:59:59.999999'",
                "'0001-01-01 BC'")),
        new Type(
            "timestamptz",
            List.of(
                "'infinity'",
                "'-infinity'",
                "'4713-01-01 00:00:00+00 BC'",
                "'294276-12-31 23:59:59.999999+00'",
                "'2024-03-31 02:30:00+05:30'")),
        new Type("timestamp(3)", List.of("'2024-01-01 00:00:00.123'")),
        new Type(
            "interval",
            List.of(
                "'1 year 2 mons -3 days 04:05:06.789'", "'-178000000 years'", "'1 mon -1 day'")),
        new Type("inet", List.of("'10.0.0.1/8'", "'::1'")),
        new Type("cidr", List.of("'10.0.0.0/8'")),
        new Type("macaddr", List.of("'08:00:2b:01:02:03'")),
        new Type("macaddr8", List.of("'08:00:2b:01:02:03:04:05'")),
        new Type("bit(5)", List.of("B'10101'")),
        new Type("varbit", List.of("B'1'", "B''")),
        new Type("xml", List.of("'<a>b &amp; c</a>'", "'text only'")),
        new Type("money", List.of("'-12345.67'")),
        new Type("tsvector", List.of("'''a'':1A ''b c'''")),
        new Type("tsquery", List.of("'a & !b:*'")),
        new Type("point", List.of("'(1.5,-0)'")),
        new Type("box", List.of("'(1,2),(3,4)'")),
        new Type("path", List.of("'[(1,2),(3,4)]'")),
        new Type("circle", List.of("'<(1,2),3>'")),
        new Type("pg_lsn", List.of("'16/B374D848'")),
        new Type("jsonpath", List.of("'$.a[*] ? (@ > 1)'")),
        new Type("regclass", List.of("'pg_catalog.pg_class'")),
        new Type("int[]", List.of("'{}'", "'{1,NULL,3}'", "'[0:1][2:3]={{1,2},{3,4}}'")),
        new Type("text[]", List.of("ARRAY['a,b','\"','\\','NULL',NULL,'','{}']")),
        new Type("numeric[]", List.of("'{1.0,NaN}'")),
        new Type("int4range", List.of("'[1,5)'", "'empty'", "'(,)'")),
        new Type("tstzrange", List.of("'[2024-01-01 00:00:00+00,infinity)'")),
        new Type("int4multirange", List.of("'{[1,3),[5,7)}'")),
        new Type("floats", List.of("'[1.5,2.5]'")),
        new Type("mood", List.of("'sad'", "'o\"k, {x}'", "'ü'")),
        new Type("mood[]", List.of("ARRAY['sad','o\"k, {x}']::mood[]")),
        new Type(
            "pair",
            List.of(
                "ROW('ab','ü','{1,2}')::pair",
                "ROW(NULL,NULL,NULL)::pair",
                "ROW('a,)\"','sad',NULL)::pair")),
        new Type("pair[]", List.of("ARRAY[ROW('ab','sad','{1,2}')::pair, NULL]")),
        new Type("positive", List.of("7")),
        new Type("positive[]", List.of("'{1,2}'")),
        new Type("name10", List.of("'ten       '")),
        new Type("nested", List.of("'x'")),
        new Type("stamp", List.of("'2024-01-01 00:00:00+00'", "'infinity'")));
  }

  @BeforeAll
  static void open() throws SQLException {
    postgres =
        new Postgres(
            "",
            "CREATE TYPE mood AS ENUM ('sad', 'o\"k, {x}', 'ü')",
            "CREATE TYPE pair AS (a char(5), b mood, c int[])",
            "CREATE DOMAIN positive AS int CHECK (value > 0)",
            "CREATE DOMAIN name10 AS varchar(10)",
            "CREATE DOMAIN nested AS name10",
            "CREATE DOMAIN stamp AS timestamptz",
            "CREATE TYPE floats AS RANGE (subtype = float8)",
            "CREATE FUNCTION lie(mood) RETURNS text LANGUAGE sql AS $$ SELECT 'lie' $$",
            "CREATE CAST (mood AS text) WITH FUNCTION lie(mood)");
    // Whatever the database sets, our sessions read and write the same.
    postgres.execute(
        "ALTER DATABASE " + postgres.name() + " SET TimeZone = 'Asia/Kolkata'",
        "ALTER DATABASE " + postgres.name() + " SET DateStyle = 'SQL, DMY'",
        "ALTER DATABASE " + postgres.name() + " SET IntervalStyle = 'iso_8601'",
        "ALTER DATABASE " + postgres.name() + " SET bytea_output = 'escape'",
        "ALTER DATABASE " + postgres.name() + " SET extra_float_digits = -5",
        "ALTER DATABASE " + postgres.name() + " SET search_path = 'nowhere'");
  }

  @AfterAll
  static void close() throws SQLException {
    postgres.close();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyValueComesBack(Type type) throws SQLException {
    assumeTrue(Postgres.version() >= 15 || !ODD_SCALES.contains(type.name()));
    String name = "t" + count++;
    postgres.execute(
        "SET TimeZone = 'UTC'; SET DateStyle = 'ISO'; SET lc_monetary = 'C';"
            + " SET search_path = public",
        "CREATE TABLE " + name + " (id int PRIMARY KEY, v " + type.name() + ")",
        "INSERT INTO " + name + " VALUES (0, NULL)");
    for (int i = 0; i < type.values().size(); i++) {
      postgres.execute(
          "INSERT INTO " + name + " VALUES (" + (i + 1) + ", " + type.values().get(i) + ")");
    }
    List<String> before = dump(name);
    Table table = postgres.table(name);
    List<Row> read = new ArrayList<>();
    try (Reader reader = postgres.database.openReader();
        Lease lease = postgres.database.acquireLease();
        Writer writer = lease.openWriter(Pace.GENTLE)) {
      reader.scan(Postgres.all(table), Integer.MAX_VALUE, row -> read.add(Postgres.copy(row)));
      assertThat(read).hasSize(type.values().size() + 1);
      assertKinds(table.columns().get(1).type(), read);
      List<Row> removed = new ArrayList<>();
      try (Transaction transaction = writer.begin(List.of(table))) {
        transaction.removeRange(
            Postgres.all(table), new Removal.Delete(), row -> removed.add(Postgres.copy(row)));
        transaction.commit(false);
      }
      assertThat(removed).containsExactlyInAnyOrderElementsOf(read);
      assertThat(dump(name)).isEmpty();
      try (Transaction transaction = writer.begin(List.of(table))) {
        assertThat(transaction.insert(table, Postgres.archived(table), Postgres.source(read)))
            .isEqualTo(read.size());
        transaction.commit(true);
      }
      List<Row> again = new ArrayList<>();
      reader.scan(Postgres.all(table), Integer.MAX_VALUE, row -> again.add(Postgres.copy(row)));
      assertThat(again).isEqualTo(read);
    }
    assertThat(dump(name)).isEqualTo(before);
  }

  /** Values of another kind than the natural one are only infinities, and stamps out of reach. */
  private static void assertKinds(NaturalType type, List<Row> rows) {
    for (Row row : rows.subList(1, rows.size())) {
      if (row.kind(1) != type.family().kind()) {
        assertThat(row.kind(1)).isEqualTo(Kind.TEXT);
        assertThat(type.family()).isIn(Family.DATE, Family.TIMESTAMP, Family.TIMESTAMP_UTC);
      }
    }
  }

  /** The engine's own binary form, and its text. */
  private static List<String> dump(String table) throws SQLException {
    return postgres.query(
        "SELECT id, v, md5(record_send(ROW(v))), pg_typeof(v) FROM " + table + " ORDER BY id");
  }

  @Test
  void numericsOfAnyScaleReadAsTheServerWritesThem() throws SQLException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    postgres.execute("CREATE TABLE public.numerics (id int PRIMARY KEY, v numeric)");
    try (Connection connection =
            DriverManager.getConnection(Postgres.jdbc(postgres.name()), "postgres", "");
        Statement statement = connection.createStatement()) {
      StringBuilder values = new StringBuilder("INSERT INTO public.numerics VALUES (-1, 0)");
      for (int i = 0; i < 3000; i++) {
        java.math.BigDecimal number =
            new java.math.BigDecimal(
                new java.math.BigInteger(random.nextInt(200), random), random.nextInt(60) - 20);
        number = random.nextInt(4) == 0 ? number.movePointLeft(random.nextInt(40)) : number;
        values.append(", (").append(i).append(", '");
        values.append(random.nextBoolean() ? number : number.negate()).append("')");
      }
      statement.execute(values.toString());
    }
    List<String> expected = postgres.query("SELECT v FROM public.numerics ORDER BY id");
    List<String> read = new ArrayList<>();
    try (Reader reader = postgres.database.openReader()) {
      reader.scan(
          Postgres.all(postgres.table("numerics")),
          Integer.MAX_VALUE,
          row -> read.add(row.text(1)));
    }
    assertThat(read).as("seed " + seed).isEqualTo(expected);
  }

  @Test
  void naturalTypesAreTold() throws SQLException {
    String small = Postgres.version() >= 15 ? "numeric(3,5)" : "numeric(50,5)";
    postgres.execute(
        "CREATE TABLE public.natural (id bigserial PRIMARY KEY, d numeric(10,2), n numeric,"
            + " w numeric(50,2), s small, u stamp, e mood, c nested,"
                .replace("small", small)
                .replace("stamp", "public.stamp")
                .replace("mood", "public.mood")
                .replace("nested", "public.nested")
            + " g int GENERATED ALWAYS AS (1) STORED, i int GENERATED BY DEFAULT AS IDENTITY)");
    assertThat(postgres.table("natural").columns())
        .extracting(
            c -> c.name() + " " + c.declaredType() + " " + c.type().family() + " " + c.origin())
        .containsExactly(
            "id bigint INT64 STORED",
            "d numeric(10,2) DECIMAL STORED",
            "n numeric TEXT STORED",
            "w numeric(50,2) TEXT STORED",
            "s " + small + " TEXT STORED",
            "u public.stamp TIMESTAMP_UTC STORED",
            "e public.mood TEXT STORED",
            "c public.nested TEXT STORED",
            "g integer INT32 GENERATED",
            "i integer INT32 IDENTITY");
  }

  @Test
  void bytesOfNoEncodingStayAsTheyAre() throws SQLException {
    try (Postgres raw =
        new Postgres(
            "ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'",
            "CREATE TABLE t (id text PRIMARY KEY, v text)",
            "CREATE TABLE \"ü\" (id int PRIMARY KEY)",
            "INSERT INTO t VALUES (convert_from('\\xff41', 'SQL_ASCII'),"
                + " convert_from('\\x80fe5c0a27', 'SQL_ASCII')), ('a', 'ü')")) {
      Table table = raw.table("t");
      List<Row> rows = new ArrayList<>();
      try (Reader reader = raw.database.openReader();
          Lease lease = raw.database.acquireLease();
          Writer writer = lease.openWriter(Pace.GENTLE)) {
        reader.scan(Postgres.all(table), 10, row -> rows.add(Postgres.copy(row)));
        assertThat(rows.get(1).bytes(1)).containsExactly(0x80, 0xfe, 0x5c, 0x0a, 0x27);
        io.tideline.row.PackedRows keys = new io.tideline.row.PackedRows(1);
        rows.forEach(row -> keys.add(row, 0));
        try (Transaction transaction = writer.begin(List.of(table))) {
          long removed =
              transaction.removeKeys(
                  table,
                  keys,
                  List.of(),
                  Postgres.all(table).items(),
                  new Removal.Delete(),
                  row -> true);
          assertThat(removed).isEqualTo(2);
          transaction.insert(table, Postgres.archived(table), Postgres.source(rows));
          transaction.commit(false);
        }
      }
      assertThat(raw.query("SELECT encode(convert_to(v, 'SQL_ASCII'), 'hex') FROM t ORDER BY id"))
          .containsExactly("c3bc", "80fe5c0a27");
      assertThat(raw.database.catalogue().tables().stream().flatMap(t -> t.obstacles().stream()))
          .anyMatch(o -> o.what().contains("not ASCII"));
    }
  }
}

package io.tideline.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/** SQL literals for columns, ordinary and nasty. */
final class ValuePool {
  private static final List<String> TEXTS =
      List.of(
          "''",
          "' '",
          "'NULL'",
          "'null'",
          "'it''s'",
          "'a\"b`c'",
          "'back\\slash'",
          "'line\nfeed\r\ttab'",
          "'ä€𝄞 — Ω'",
          "'e\u0301'",
          "'\u202Eright to left'",
          "'%s %d ${x} :now ?'",
          "'007'",
          "'1e5'",
          "'{\"a\": [1, 2.50, null]}'");

  private static final List<String> SQLITE_ANY =
      List.of(
          "0",
          "-1",
          "9223372036854775807",
          "(-9223372036854775807 - 1)",
          "9007199254740993",
          "1.5",
          "-0.0",
          "0.1",
          "1e300",
          "5e-324",
          "9e999",
          "-9e999",
          "3.0",
          "x''",
          "x'00ff80'",
          "CAST(x'ff41fe' AS TEXT)",
          "CAST(x'610062' AS TEXT)",
          "CAST(x'eda080' AS TEXT)",
          "zeroblob(3000)",
          "'" + "long".repeat(500) + "'");

  private static final List<String> SQLITE_TYPES =
      List.of(
          "INTEGER",
          "REAL",
          "TEXT",
          "BLOB",
          "NUMERIC",
          "",
          "VARCHAR(10)",
          "DECIMAL(10,2)",
          "BOOLEAN",
          "JSON",
          "BIGINT",
          "DOUBLE PRECISION",
          "DATETIME");

  private static final Map<String, List<String>> POSTGRES = postgres();

  private ValuePool() {}

  /** The types that columns may have. */
  static List<String> types(Product product) {
    return product == Product.SQLITE ? SQLITE_TYPES : List.copyOf(POSTGRES.keySet());
  }

  /** A literal of that type. */
  static String literal(Product product, String type, Random random) {
    if (random.nextInt(8) == 0) {
      return "NULL";
    }
    if (product == Product.SQLITE) {
      return sqlite(type, random);
    }
    List<String> nasty = POSTGRES.getOrDefault(type, List.of("NULL"));
    if (type.equals("uuid")) {
      return "'" + new UUID(random.nextLong(), random.nextLong()) + "'";
    }
    return pick(nasty, random);
  }

  private static String sqlite(String type, Random random) {
    switch (random.nextInt(4)) {
      case 0:
        return pick(SQLITE_ANY, random);
      case 1:
        return pick(TEXTS, random);
      default:
        return switch (type) {
          case "INTEGER", "BIGINT", "NUMERIC" ->
              Long.toString(random.nextLong() >> random.nextInt(64));
          case "REAL", "DOUBLE PRECISION" -> Double.toString(random.nextGaussian() * 1e6);
          case "DECIMAL(10,2)" -> random.nextInt(100_000) + "." + (10 + random.nextInt(90));
          case "BOOLEAN" -> Integer.toString(random.nextInt(2));
          case "BLOB" -> "randomblob(" + random.nextInt(40) + ")";
          case "JSON" -> "'{\"n\": " + random.nextInt() + "}'";
          default -> "'value " + random.nextInt(1000) + "'";
        };
    }
  }

  static <T> T pick(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  private static Map<String, List<String>> postgres() {
    Map<String, List<String>> pool = new TreeMap<>();
    pool.put("smallint", List.of("0", "-32768", "32767"));
    pool.put("integer", List.of("0", "-2147483648", "2147483647", "42"));
    pool.put("bigint", List.of("0", "-9223372036854775808", "9223372036854775807"));
    pool.put("real", List.of("0", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'", "1.1", "1e-45"));
    pool.put("double precision", List.of("'-0'", "'NaN'", "'Infinity'", "0.1", "5e-324", "1e308"));
    pool.put("numeric", List.of("0", "0.00", "'NaN'", "'Infinity'", "-1e40", "1.10", "1e-40"));
    pool.put("numeric(10,3)", List.of("0", "-9999999.999", "0.001", "'NaN'"));
    pool.put("text", texts());
    pool.put("varchar(20)", List.of("''", "' '", "'it''s'", "'ä€𝄞'"));
    pool.put("char(5)", List.of("''", "'ab'", "'abcde'"));
    pool.put("bytea", List.of("''", "'\\x00ff80'", "decode(repeat('ab', 3000), 'hex')"));
    pool.put("boolean", List.of("true", "false"));
    pool.put("uuid", List.of("NULL"));
    pool.put("json", List.of("'{\"b\": 1,  \"a\":1.00, \"a\":2}'", "'null'", "'\"\\u0041\"'"));
    pool.put("jsonb", List.of("'{\"b\": 1,  \"a\":1.00, \"a\":2}'", "'[]'", "'1e2'"));
    pool.put("date", List.of("'infinity'", "'-infinity'", "'4713-01-01 BC'", "'5874897-12-31'"));
    pool.put("time", List.of("'00:00'", "'24:00'", "'23:59:59.999999'"));
    pool.put("timetz", List.of("'00:00+15:59'", "'23:59:59.999999-03:30'"));
    pool.put(
        "timestamp",
        List.of("'infinity'", "'-infinity'", "'4713-01-01 BC'", "'294276-12-31 23:59:59.999999'"));
    pool.put(
        "timestamptz",
        List.of(
            "'infinity'", "'-infinity'", "'4713-01-01 00:00+00 BC'", "'2026-05-02 12:00+05:30'"));
    pool.put("interval", List.of("'1 mon -3 days 04:05:06.789'", "'-178000000 years'", "'0'"));
    pool.put("inet", List.of("'192.168.0.1/24'", "'::1'", "'10.0.0.1'"));
    pool.put("cidr", List.of("'192.168.0.0/16'", "'2001:db8::/32'"));
    pool.put("macaddr", List.of("'08:00:2b:01:02:03'"));
    pool.put("integer[]", List.of("'{}'", "'{1,NULL,-3}'", "'{{1,2},{3,4}}'", "'[2:3]={5,6}'"));
    pool.put("text[]", List.of("'{}'", "'{\"a,b\",NULL,\"NULL\",\"q\\\"\"}'", "'{\"\"}'"));
    pool.put("int4range", List.of("'empty'", "'[1,5)'", "'(,)'"));
    pool.put("tstzrange", List.of("'empty'", "'[2026-01-01 00:00+00,)'"));
    pool.put("bit(3)", List.of("B'101'", "B'000'"));
    pool.put("bit varying", List.of("B''", "B'1'", "B'0110100110010110'"));
    pool.put("point", List.of("'(0.1,-0)'", "'(1e300,NaN)'"));
    pool.put("tsvector", List.of("'a:1 fat:2A cat'", "''"));
    pool.put("oid", List.of("0", "4294967295"));
    pool.put("name", List.of("''", "'a name'"));
    pool.put("money", List.of("'12.34'", "'-0.01'"));
    return pool;
  }

  /** PostgreSQL has no NUL in text; the rest goes. */
  private static List<String> texts() {
    List<String> all = new ArrayList<>(TEXTS);
    all.add("repeat('toast ', 5000)");
    return List.copyOf(all);
  }
}

package io.tideline.testkit.chaos;

import io.tideline.testkit.Product;
import io.tideline.testkit.chaos.audit.Column;
import io.tideline.testkit.chaos.audit.Table;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Random values of the columns that every table of a {@link Shape} has, and their statements. */
final class Values {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final List<String> TEXTS =
      List.of("", "plain", "it's \"quoted\"", "two\nlines", "Ünï cödé ☃ 😀", "a,b;c|d", "null");

  private final Product product;
  private final Random random;

  Values(Product product, Random random) {
    this.product = product;
    this.random = random;
  }

  /** A time as the tables write it. */
  static String time(long millis) {
    return TIME.format(Instant.ofEpochMilli(millis));
  }

  String insert(Table table) {
    String names = table.columns().stream().map(Column::name).collect(Collectors.joining(", "));
    String places = table.columns().stream().map(this::place).collect(Collectors.joining(", "));
    return "INSERT INTO %s (%s) VALUES (%s)".formatted(table.name(), names, places);
  }

  String update(Table table) {
    return table.columns().stream()
        .skip(named(table))
        .map(column -> column.name() + " = " + place(column))
        .collect(Collectors.joining(", ", "UPDATE " + table.name() + " SET ", " WHERE id = ?"));
  }

  /** Key and reference, which are never changed. */
  private static int named(Table table) {
    return table.parent().isPresent() ? 2 : 1;
  }

  private String place(Column column) {
    boolean cast = product == Product.POSTGRESQL && List.of("at", "x").contains(column.name());
    return cast ? "CAST(? AS " + column.type() + ")" : "?";
  }

  /** Binds random values from a place on, in the order of the columns. */
  int bind(PreparedStatement statement, int from, Table table, long atMillis) throws SQLException {
    int at = from;
    for (Column column : table.columns().subList(named(table), table.columns().size())) {
      statement.setObject(at++, column.name().equals("at") ? time(atMillis) : value(column));
    }
    return at;
  }

  private @Nullable Object value(Column column) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return switch (column.name()) {
      case "n" -> random.nextInt(4) == 0 ? random.nextLong() : (long) random.nextInt(1000);
      case "r" -> real();
      case "s" -> text();
      case "b" -> bytes();
      case "d" -> number();
      default -> product == Product.SQLITE ? anything() : json();
    };
  }

  private double real() {
    return switch (random.nextInt(6)) {
      case 0 -> -0.0;
      case 1 -> Double.POSITIVE_INFINITY;
      case 2 -> Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
      default -> random.nextGaussian() * 1000;
    };
  }

  private String text() {
    return random.nextInt(3) == 0
        ? TEXTS.get(random.nextInt(TEXTS.size()))
        : "x".repeat(random.nextInt(200)) + random.nextInt();
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }

  private Object number() {
    BigDecimal number = new BigDecimal(new BigInteger(50, random), 4);
    return product == Product.SQLITE ? number.toPlainString() : number;
  }

  private Object anything() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextLong();
      case 1 -> random.nextGaussian();
      case 2 -> text();
      default -> bytes();
    };
  }

  private String json() {
    return "{\"a\": %d, \"b\": [true, null, \"%s\"]}"
        .formatted(random.nextInt(), new String(new char[] {'é', '☃'}).repeat(random.nextInt(3)));
  }
}

package io.tideline.postgresql;

import io.tideline.catalogue.Column;
import io.tideline.row.Kind;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Values as SQL constants. {@code COPY} takes no bound parameters, so that every value is written
 * here: as a string constant, which cannot be left, with a cast to the one type meant.
 */
final class Literals {
  /** Numbers from here on are microseconds of this age, not seconds, milliseconds or days. */
  private static final long MICROS_FROM = 100_000_000_000_000L;

  private static final long MICROS_TO = 100_000_000_000_000_000L;
  private static final long DAYS_TO = 1_000_000;

  private final Session session;

  Literals(Session session) {
    this.session = session;
  }

  /** Value {@code i}, not null, as a value of the column's type. */
  String of(Row row, int i, ColumnShape column) {
    return string(row, i, column.codec()) + "::" + column.base();
  }

  private String string(Row row, int i, Codec codec) {
    return constant(text(row, i, codec));
  }

  private String constant(String text) {
    return session.raw() ? Sql.escaped(text) : Sql.string(text);
  }

  private String text(Row row, int i, Codec codec) {
    return row.kind(i) == Kind.TEXT
        ? session.characters(row.bytes(i))
        : ValueText.ascii(row, i, codec);
  }

  /**
   * A bound of a time, in the encoding of its column.
   *
   * @param cast what makes a text a value of the column's type; empty to let the server find out
   */
  String time(Row row, int i, Codec codec, String cast) {
    if (RowSql.number(row, i) && !codec.temporal()) {
      return number(row, i);
    }
    return string(row, i, codec) + (codec.temporal() ? "::" + type(codec) : cast);
  }

  private String number(Row row, int i) {
    boolean integer = row.kind(i) == Kind.INTEGER;
    return string(row, i, integer ? Codec.INT8 : Codec.FLOAT8)
        + "::"
        + type(integer ? Codec.INT8 : Codec.FLOAT8);
  }

  private static String type(Codec codec) {
    return "pg_catalog." + codec.name().toLowerCase(Locale.ROOT);
  }

  /**
   * What {@code :now} or {@code :cutoff} stands for.
   *
   * @param time how the policy's time travels; null if it is not known, when a number of the size
   *     of microseconds (or days) is a time if the table has a column of such a type
   */
  String parameter(Row row, int i, @Nullable Codec time, TableShape table) {
    if (row.isNull(i)) {
      return "NULL";
    }
    if (row.kind(i) == Kind.INTEGER) {
      Codec codec = time == null ? guess(row.integer(i), table) : time;
      return time(row, i, codec, "");
    }
    return row.kind(i) == Kind.REAL ? number(row, i) : string(row, i, Codec.TEXT);
  }

  private static Codec guess(long value, TableShape table) {
    boolean micros = value >= MICROS_FROM && value < MICROS_TO;
    for (Column column : table.table().columns()) {
      Codec codec = table.column(column.name()).codec();
      boolean instant = codec == Codec.TIMESTAMP || codec == Codec.TIMESTAMPTZ;
      if ((instant && micros) || (codec == Codec.DATE && Math.abs(value) < DAYS_TO)) {
        return instant ? Codec.TIMESTAMPTZ : Codec.DATE;
      }
    }
    return Codec.INT8;
  }

  /**
   * Value {@code value} of every row, one a row of a SELECT list; none may be null. An array of
   * arrays is no type of its own: there each is a text first.
   */
  String unnest(PackedRows rows, int value, ColumnShape column) {
    String type = column.base();
    boolean arrays = column.array();
    String texts = texts(rows, value, column);
    return "pg_catalog.unnest(%s::%s[])%s"
        .formatted(texts, arrays ? "pg_catalog.text" : type, arrays ? "::" + type : "");
  }

  /** Value {@code value} of every row as an array constant; no value may be null. */
  String array(PackedRows rows, int value, ColumnShape column) {
    return texts(rows, value, column) + "::" + column.base() + "[]";
  }

  private String texts(PackedRows rows, int value, ColumnShape column) {
    StringBuilder array = new StringBuilder(rows.size() * 12 + 32).append('{');
    Row row = new Row(rows.width());
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i, row);
      array.append(i == 0 ? "\"" : ",\"");
      escape(array, text(row, value, column.codec()));
      array.append('"');
    }
    return constant(array.append('}').toString());
  }

  private static void escape(StringBuilder array, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        array.append('\\');
      }
      array.append(c);
    }
  }
}

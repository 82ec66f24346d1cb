package io.tideline.core.rule;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The key by which a person names a row. Its text is the plain value of a key of one column, where
 * that cannot be misread, and a JSON array of the values otherwise: {@code ["x","y"]}, {@code
 * [42]}, bytes as {@code {"hex":"00ff"}}. {@link KeyPredicates} reads the same text.
 */
public final class HumanKey {
  private static final Gson JSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().create();
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private HumanKey() {}

  /** The key's columns: the primary key or, where that is hidden, the first unique index. */
  public static List<String> columns(Table table) {
    List<String> key = table.key().orElseThrow().columns();
    if (!table.key().orElseThrow().hidden()) {
      return key;
    }
    return table.indexes().stream()
        .filter(index -> index.unique() && !index.partial() && !index.columns().contains(""))
        .map(Index::columns)
        .findFirst()
        .orElse(key);
  }

  /**
   * The table with its rows named by a declared key, where its own key is hidden and there is one:
   * that key finds a row whose hidden key changed. Rows with a NULL in it are not found.
   */
  public static Optional<Table> alias(Table table) {
    List<String> columns = columns(table);
    Key key = table.key().orElseThrow();
    return key.hidden() && !columns.equals(key.columns())
        ? Optional.of(table.withKey(new Key(columns, Key.Kind.UNIQUE)))
        : Optional.empty();
  }

  /** Whether nothing but a hidden key, which may change, names the table's rows. */
  public static boolean onlyHidden(Table table) {
    return table.key().filter(Key::hidden).isPresent() && alias(table).isEmpty();
  }

  /**
   * The text of a key.
   *
   * @param table the table
   * @param columns the columns of the values
   * @param values the values
   */
  public static String text(Table table, List<String> columns, Row values) {
    return text(column -> type(table, column), columns, values);
  }

  /** As the other, of columns whose types are known. */
  public static String text(Function<String, Family> types, List<String> columns, Row values) {
    JsonArray array = new JsonArray();
    for (int i = 0; i < values.width(); i++) {
      array.add(element(values, i, types.apply(columns.get(i))));
    }
    if (array.size() == 1 && array.get(0) instanceof JsonPrimitive value) {
      String plain = value.getAsString();
      boolean sameKind = value.isNumber() == KeyPredicates.number(plain);
      boolean clear = !plain.isBlank() && plain.equals(plain.strip()) && !plain.startsWith("[");
      if (clear && (sameKind || !KeyPredicates.untyped(types.apply(columns.get(0))))) {
        return plain;
      }
    }
    return JSON.toJson(array);
  }

  /** Whether a text that somebody wrote means the key of a text; JSON may have white space. */
  public static boolean same(String text, String written) {
    if (text.equals(written)) {
      return true;
    }
    try {
      return text.startsWith("[")
          && JsonParser.parseString(written).equals(JsonParser.parseString(text));
    } catch (JsonParseException e) {
      return false;
    }
  }

  private static Family type(Table table, String column) {
    return table.column(column).map(Column::type).map(NaturalType::family).orElse(Family.INT64);
  }

  private static JsonElement element(Row row, int i, Family family) {
    Kind kind = row.kind(i);
    if (kind == Kind.INTEGER && family.kind() == Kind.INTEGER) {
      return integer(row.integer(i), family);
    }
    return switch (kind) {
      case NULL -> JsonNull.INSTANCE;
      case INTEGER -> new JsonPrimitive(row.integer(i));
      case REAL -> real(row.real(i));
      case TEXT -> new JsonPrimitive(row.text(i));
      case BLOB -> {
        JsonObject bytes = new JsonObject();
        bytes.addProperty("hex", HexFormat.of().formatHex(row.bytes(i)));
        yield bytes;
      }
    };
  }

  /** As the shortest decimal that reads as the same value; infinities in words. */
  private static JsonElement real(double value) {
    return Double.isFinite(value)
        ? new JsonPrimitive(new BigDecimal(Double.toString(value)))
        : new JsonPrimitive(Double.toString(value));
  }

  private static JsonElement integer(long value, Family family) {
    Instant micros = Instant.EPOCH.plus(value, ChronoUnit.MICROS);
    return switch (family) {
      case DATE -> new JsonPrimitive(LocalDate.ofEpochDay(value).toString());
      case TIME -> new JsonPrimitive(time(value));
      case TIMESTAMP -> new JsonPrimitive(MICROS.format(micros));
      case TIMESTAMP_UTC -> new JsonPrimitive(MICROS.format(micros) + "+00");
      default -> new JsonPrimitive(value);
    };
  }

  private static String time(long micros) {
    long day = ChronoUnit.DAYS.getDuration().toSeconds() * 1_000_000;
    return micros == day ? "24:00:00" : LocalTime.ofNanoOfDay(micros * 1000).toString();
  }
}

package io.tideline.core.rule;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Predicate;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Turns keys in text, as {@link HumanKey} writes them, into predicates that find their rows. A
 * plain value is tried as each kind of value that it may stand for; a JSON array says which.
 */
public final class KeyPredicates {
  private static final int KEYS_PER_PREDICATE = 200;
  private static final String BYTES = "x'(?:[0-9a-fA-F]{2})*'";

  private final Table table;
  private final Reader reader;
  private final List<String> columns;
  private final Map<String, Boolean> accepted = new HashMap<>();

  /** The keys of a table; what the database takes is asked of it. */
  public KeyPredicates(Table table, Reader reader) {
    this.table = table;
    this.reader = reader;
    this.columns = HumanKey.columns(table);
  }

  /** The predicates that together are true for the rows of these keys, each for some of them. */
  public List<Predicate> of(List<String> keys) {
    List<Predicate> predicates = new ArrayList<>();
    for (int from = 0; from < keys.size(); from += KEYS_PER_PREDICATE) {
      List<String> some = keys.subList(from, Math.min(keys.size(), from + KEYS_PER_PREDICATE));
      predicates.add(new Predicate(String.join(" OR ", some.stream().map(this::sql).toList())));
    }
    return predicates;
  }

  /**
   * How many rows have a key.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if none has, or it cannot be one
   */
  long rows(String key) {
    Predicate predicate = new Predicate(sql(key));
    long rows;
    try {
      rows = reader.count(table, List.of(new Condition.IsTrue(predicate, new Row(2))));
    } catch (TidelineException e) {
      if (e.code() != ErrorCode.SQL_FAILED) {
        throw e;
      }
      throw refused("read the key '" + key + "' of table " + table.name(), e.what());
    }
    if (rows == 0) {
      throw refused("find the key '" + key + "' in table " + table.name(), "no row has it");
    }
    return rows;
  }

  /**
   * Checks that one row has a key.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if none or several have
   */
  public void requireOne(String key) {
    long rows = rows(key);
    if (rows > 1) {
      throw refused(
          "tell which row of table " + table.name() + " the key '" + key + "' means",
          rows + " rows answer to it");
    }
  }

  private String sql(String key) {
    List<JsonElement> typed = typed(key);
    List<Set<String>> values = new ArrayList<>();
    if (!typed.isEmpty()) {
      requireWidth(typed.size(), key);
      for (int i = 0; i < typed.size(); i++) {
        values.add(Set.of(typed(typed.get(i), columns.get(i), key)));
      }
    } else {
      List<String> parts = columns.size() == 1 ? List.of(key) : List.of(key.split(",", -1));
      requireWidth(parts.size(), key);
      for (int i = 0; i < parts.size(); i++) {
        values.add(plain(parts.get(i), columns.get(i)));
      }
    }
    return "("
        + String.join(
            " AND ", values.stream().map(each -> "(" + String.join(" OR ", each) + ")").toList())
        + ")";
  }

  private void requireWidth(int width, String key) {
    if (width != columns.size()) {
      throw refused(
          "read the key '" + key + "' of table " + table.name(),
          "it has " + width + (width == 1 ? " value" : " values"));
    }
  }

  /** The values of a JSON array; none if the text is no such array. */
  private static List<JsonElement> typed(String key) {
    if (!key.startsWith("[")) {
      return List.of();
    }
    try {
      return JsonParser.parseString(key) instanceof JsonArray array ? array.asList() : List.of();
    } catch (JsonParseException e) {
      return List.of();
    }
  }

  private String typed(JsonElement value, String column, String key) {
    if (value.isJsonNull()) {
      return quote(column) + " IS NULL";
    }
    if (value instanceof JsonPrimitive primitive && !primitive.isBoolean()) {
      String text = primitive.getAsString();
      return primitive.isNumber() && untyped(family(column)) && number(text)
          ? equal(column, text)
          : equal(column, literal(text));
    }
    if (value instanceof JsonObject object
        && object.size() == 1
        && object.get("hex") instanceof JsonPrimitive hex
        && ("x'" + hex.getAsString() + "'").matches(BYTES)) {
      return bytes(column, hex.getAsString());
    }
    throw refused("read the key '" + key + "' of table " + table.name(), "a value has no kind");
  }

  /** Everything that a plain value may stand for. */
  private Set<String> plain(String value, String column) {
    Set<String> all = new LinkedHashSet<>();
    List<String> texts = columns.size() == 1 ? List.of(value) : List.of(value, value.strip());
    for (String text : texts) {
      all.add(equal(column, literal(text)));
      if (untyped(family(column)) && number(text) && accepts(equal(column, "0"))) {
        all.add(equal(column, text));
      }
      if (text.matches(BYTES)) {
        all.add(bytes(column, text.substring(2, text.length() - 1)));
      }
    }
    return all;
  }

  /** Bytes as SQLite writes them or, where the engine takes those for bits, as PostgreSQL does. */
  private String bytes(String column, String hex) {
    String digits = hex.toLowerCase(Locale.ROOT);
    return accepts(equal(column, "x''"))
        ? equal(column, "x'" + digits + "'")
        : equal(column, "'\\x" + digits + "'");
  }

  private boolean accepts(String sql) {
    return accepted.computeIfAbsent(
        sql,
        asked -> {
          try {
            Condition condition = new Condition.IsTrue(new Predicate(asked), new Row(2));
            reader.check(table, new Item.Holds(condition));
            return true;
          } catch (TidelineException e) {
            if (e.code() != ErrorCode.SQL_FAILED) {
              throw e;
            }
            return false;
          }
        });
  }

  private Family family(String column) {
    return table.column(column).map(Column::type).map(NaturalType::family).orElse(Family.INT64);
  }

  /** Whether a column of that type keeps a number and its text apart. */
  static boolean untyped(Family family) {
    return family == Family.ANY || family == Family.BLOB;
  }

  /** Whether a text is a number as HumanKey writes it. */
  static boolean number(String text) {
    return text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");
  }

  private static String equal(String column, String literal) {
    return quote(column) + " = " + literal;
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private TidelineException refused(String what, String why) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot " + what + ": " + why + ".",
        "Nothing was changed.",
        "The key is ("
            + String.join(", ", columns)
            + "). "
            + (columns.size() == 1 ? "Give its value, or " : "Give ")
            + "a JSON array of the values, with bytes as hexadecimal digits: "
            + form()
            + ". Or say which rows with --where.");
  }

  private String form() {
    String blob = "{\"hex\":\"00ff\"}";
    return columns.size() == 1
        ? "[\"x\"], [42] or [" + blob + "]"
        : "[" + String.join(",", columns.stream().map(column -> "\"…\"").toList()) + "]";
  }
}

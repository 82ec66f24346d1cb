package io.tideline.testkit.chaos.audit;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The rows of a segment as exact text, read by DuckDB or as plain JSON. */
final class SegmentRows {
  private static final String EXACT = "_tideline_exact";

  private SegmentRows() {}

  /** Its rows in the order of their ordinals; of a hidden key nothing is left. */
  static List<List<String>> read(Path file, JsonObject segment) throws IOException, SQLException {
    List<Field> fields = new ArrayList<>();
    for (JsonElement column : segment.getAsJsonArray("columns")) {
      JsonObject object = column.getAsJsonObject();
      fields.add(
          new Field(
              object.get("name").getAsString(),
              object.getAsJsonObject("type").get("family").getAsString()));
    }
    List<List<String>> rows =
        segment.get("format").getAsString().equals("parquet")
            ? parquet(file, fields)
            : jsonl(file, fields);
    boolean hidden = segment.get("hiddenKey").getAsBoolean();
    return hidden ? rows.stream().map(row -> row.subList(1, row.size())).toList() : rows;
  }

  private record Field(String name, String family) {
    String expression() {
      String quoted = TestDatabase.quote(name);
      return switch (family) {
        case "INT32", "INT64" -> "CAST(" + quoted + " AS BIGINT)";
        case "FLOAT64" -> quoted;
        case "BLOB" -> "hex(" + quoted + ")";
        case "TIMESTAMP_UTC" -> "epoch_us(" + quoted + ")";
        default -> "CAST(" + quoted + " AS VARCHAR)";
      };
    }

    String exact(ResultSet result, int at) throws SQLException {
      if (result.getObject(at) == null) {
        return Exact.NULL;
      }
      return switch (family) {
        case "INT32", "INT64", "TIMESTAMP_UTC" -> Exact.integer(result.getLong(at));
        case "FLOAT64" -> Exact.real(result.getDouble(at));
        case "BLOB" -> Exact.blob(result.getString(at));
        default -> Exact.text(result.getString(at));
      };
    }

    String exact(@Nullable JsonElement value) {
      if (value == null || value.isJsonNull()) {
        return Exact.NULL;
      }
      return switch (family) {
        case "INT32", "INT64" -> Exact.integer(value.getAsLong());
        case "TIMESTAMP_UTC" ->
            Exact.integer(
                ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(value.getAsString())));
        case "FLOAT64" -> Exact.real(value.getAsDouble());
        case "BLOB" -> Exact.blob(value.getAsString());
        default -> Exact.text(value.getAsString());
      };
    }
  }

  private static List<List<String>> parquet(Path file, List<Field> fields) throws SQLException {
    String sql =
        fields.stream().map(Field::expression).collect(Collectors.joining(", ", "SELECT ", ""))
            + ", "
            + EXACT
            + " FROM read_parquet('"
            + file
            + "', file_row_number = true) ORDER BY file_row_number";
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
          row.add(fields.get(i).exact(result, i + 1));
        }
        String exact = result.getString(fields.size() + 1);
        if (exact != null) {
          put(JsonParser.parseString(exact).getAsJsonObject(), fields, row);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<List<String>> jsonl(Path file, List<Field> fields) throws IOException {
    List<List<String>> rows = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      if (object.get("_row").getAsInt() != rows.size()) {
        throw new IOException("row " + rows.size() + " of " + file + " is out of order");
      }
      List<String> row =
          new ArrayList<>(
              fields.stream().map(field -> field.exact(object.get(field.name()))).toList());
      if (object.has(EXACT)) {
        put(object.getAsJsonObject(EXACT), fields, row);
      }
      rows.add(row);
    }
    return rows;
  }

  private static void put(JsonObject exact, List<Field> fields, List<String> row) {
    List<String> names = fields.stream().map(Field::name).toList();
    for (Map.Entry<String, JsonElement> each : exact.entrySet()) {
      Map.Entry<String, JsonElement> value =
          each.getValue().getAsJsonObject().entrySet().iterator().next();
      row.set(names.indexOf(each.getKey()), exact(value.getKey(), value.getValue().getAsString()));
    }
  }

  private static String exact(String member, String value) {
    return switch (member) {
      case "integer" -> Exact.integer(Long.parseLong(value));
      case "real" -> "real:" + value;
      case "text" -> Exact.text(value);
      case "text-hex" -> "text:" + value;
      case "blob" -> Exact.blob(value);
      default -> throw new IllegalArgumentException("unknown exact value " + member);
    };
  }
}

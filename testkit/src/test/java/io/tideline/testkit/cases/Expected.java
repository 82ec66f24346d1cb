package io.tideline.testkit.cases;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a case expects, as its {@code expected.json} says.
 *
 * @param about the rule that it shows
 * @param databases where it runs
 * @param pending what must be built before it can pass, by database; empty if it must pass
 * @param now the clock of every command
 * @param before commands before the run
 * @param run arguments of the run besides the usual ones
 * @param exits the run's exit code; several where the rules leave it open
 * @param tables what becomes of the rows of each table; all other tables stay as they are
 * @param free tables that may change, because triggers write to them
 * @param kept rows that stay by policy and reason
 * @param sql queries after the run and what they answer
 * @param commands commands after the run
 * @param restore whether everything can be restored and is the same then
 */
record Expected(
    String about,
    List<String> databases,
    Map<String, String> pending,
    String now,
    List<Command> before,
    List<String> run,
    List<Integer> exits,
    Map<String, Fate> tables,
    List<String> free,
    Map<String, Map<String, Stays>> kept,
    Map<String, List<String>> sql,
    List<Command> commands,
    boolean restore) {
  /** Thirty days after 2024-01-31. */
  private static final String NOW = "2024-03-01T00:00:00Z";

  private static final Set<String> KEYS =
      Set.of(
          "about",
          "databases",
          "pending",
          "now",
          "before",
          "run",
          "exit",
          "tables",
          "free",
          "kept",
          "sql",
          "commands",
          "restore");

  /** A command, its exit code, and what it must say. */
  record Command(List<String> args, int exit, List<String> says) {}

  /** Rows that stay for one reason; the detail is part of what the report says. */
  record Stays(long rows, String detail) {}

  /**
   * What becomes of a table's rows, named by their keys.
   *
   * @param key the columns that name a row
   * @param archiveTable where moved rows lie; empty for the usual name
   * @param detached columns that become NULL, and the keys of the rows in which they do
   */
  record Fate(
      List<String> key,
      Optional<String> archiveTable,
      List<String> live,
      List<String> archived,
      List<String> moved,
      List<String> deleted,
      Map<String, List<String>> detached) {
    private static final Set<String> KEYS =
        Set.of("key", "archive_table", "live", "archived", "moved", "deleted", "detached");
  }

  static Expected parse(String file, String text) {
    JsonObject json = JsonParser.parseString(text).getAsJsonObject();
    known(file, json, KEYS);
    Map<String, Fate> tables = new TreeMap<>();
    object(json, "tables").forEach((table, fate) -> tables.put(table, fate(file, fate)));
    Map<String, Map<String, Stays>> kept = new TreeMap<>();
    object(json, "kept")
        .forEach((policy, reasons) -> kept.put(policy, reasons(reasons.getAsJsonObject())));
    Map<String, List<String>> sql = new LinkedHashMap<>();
    object(json, "sql").forEach((query, rows) -> sql.put(query, strings(rows)));
    return new Expected(
        json.has("about") ? json.get("about").getAsString() : "",
        json.has("databases") ? strings(json.get("databases")) : List.of("sqlite", "postgresql"),
        pending(json.get("pending")),
        json.has("now") ? json.get("now").getAsString() : NOW,
        commands(json, "before"),
        json.has("run") ? strings(json.get("run")) : List.of(),
        exits(json.get("exit")),
        tables,
        list(json, "free"),
        kept,
        sql,
        commands(json, "commands"),
        !json.has("restore") || json.get("restore").getAsBoolean());
  }

  private static Map<String, String> pending(@Nullable JsonElement pending) {
    if (pending == null) {
      return Map.of();
    }
    Map<String, String> features = new TreeMap<>();
    if (pending.isJsonObject()) {
      pending.getAsJsonObject().asMap().forEach((on, what) -> features.put(on, what.getAsString()));
    } else {
      List.of("sqlite", "postgresql").forEach(on -> features.put(on, pending.getAsString()));
    }
    return features;
  }

  private static List<Integer> exits(@Nullable JsonElement exit) {
    if (exit == null) {
      return List.of(0);
    }
    return exit.isJsonArray()
        ? exit.getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList()
        : List.of(exit.getAsInt());
  }

  private static void known(String file, JsonObject json, Set<String> keys) {
    for (String key : json.keySet()) {
      if (!keys.contains(key)) {
        throw new AssertionError(file + " has an unknown key '" + key + "'");
      }
    }
  }

  private static Map<String, JsonElement> object(JsonObject json, String key) {
    return json.has(key) ? json.getAsJsonObject(key).asMap() : Map.of();
  }

  private static Map<String, Stays> reasons(JsonObject reasons) {
    Map<String, Stays> stays = new TreeMap<>();
    reasons
        .asMap()
        .forEach(
            (reason, value) ->
                stays.put(
                    reason,
                    value.isJsonPrimitive()
                        ? new Stays(value.getAsLong(), "")
                        : new Stays(
                            value.getAsJsonObject().get("rows").getAsLong(),
                            value.getAsJsonObject().get("detail").getAsString())));
    return stays;
  }

  private static Fate fate(String file, JsonElement element) {
    JsonObject json = element.getAsJsonObject();
    known(file, json, Fate.KEYS);
    JsonElement key = json.get("key");
    List<String> columns =
        key == null ? List.of("id") : key.isJsonArray() ? strings(key) : List.of(key.getAsString());
    Map<String, List<String>> detached = new TreeMap<>();
    object(json, "detached").forEach((column, keys) -> detached.put(column, strings(keys)));
    return new Fate(
        columns,
        Optional.ofNullable(json.get("archive_table")).map(JsonElement::getAsString),
        list(json, "live"),
        list(json, "archived"),
        list(json, "moved"),
        list(json, "deleted"),
        detached);
  }

  private static List<String> list(JsonObject json, String key) {
    return json.has(key) ? strings(json.get(key)) : List.of();
  }

  private static List<String> strings(JsonElement array) {
    return array.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
  }

  private static List<Command> commands(JsonObject json, String key) {
    JsonArray all = json.has(key) ? json.getAsJsonArray(key) : new JsonArray();
    return all.asList().stream()
        .map(JsonElement::getAsJsonObject)
        .map(
            command ->
                new Command(
                    list(command, "args"),
                    command.has("exit") ? command.get("exit").getAsInt() : 0,
                    list(command, "says")))
        .toList();
  }
}

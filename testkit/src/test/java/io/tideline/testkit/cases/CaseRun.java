package io.tideline.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.testkit.TestDatabase;
import io.tideline.testkit.cases.Tables.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Plays one case: schema, run, what is left and where the rest is, restore. */
final class CaseRun implements AutoCloseable {
  /** Nobody else works in the database of a case: nothing rests for them. */
  private static final String ALONE = "\npace: offline\n";

  private final Case story;
  private final Expected expected;
  private final Shell shell;
  private final TestDatabase database;
  private final Tables tables;
  private Map<String, List<Row>> original = Map.of();

  private CaseRun(Case story, TestDatabase database, Path folder) {
    this.story = story;
    this.expected = story.expected();
    this.database = database;
    this.shell = new Shell(folder, Map.of("DATABASE", database.url()), expected.now());
    this.tables = new Tables(database);
  }

  /**
   * Makes the database of a case in an empty folder, and checks that the case says of each row what
   * shall come of it.
   */
  static CaseRun prepare(Case story, Path folder) {
    CaseRun run = new CaseRun(story, story.product().create(folder), folder);
    try {
      Files.writeString(folder.resolve("tideline.yaml"), story.policy() + ALONE);
      run.script(story.schema());
      run.original = run.tables.read();
      run.checkFates();
      return run;
    } catch (IOException e) {
      run.close();
      throw new UncheckedIOException(e);
    } catch (AssertionError | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  @Override
  public void close() {
    database.close();
  }

  /**
   * Plays the case.
   *
   * @throws AssertionError if anything is not as it expects
   */
  void play() {
    expected.before().forEach(this::command);
    List<String> violations = story.failure().isPresent() ? List.of() : tables.violations();
    List<String> arguments = new ArrayList<>(List.of("run", "--yes", "--json"));
    arguments.addAll(expected.run());
    Shell.Said said = shell.run(arguments);
    if (story.failure().isPresent()) {
      refused(said, story.failure().get());
    } else {
      assertThat(expected.exits()).as("the exit code of %s", said).contains(said.exit());
      kept(said);
      Map<String, List<Row>> live = tables.read();
      live(live, said);
      archived();
      assertThat(tables.violations()).as("broken foreign keys").isSubsetOf(violations);
    }
    expected.sql().forEach((sql, rows) -> assertThat(database.query(sql)).as(sql).isEqualTo(rows));
    expected.commands().forEach(this::command);
    if (story.failure().isPresent()) {
      return;
    }
    if (expected.restore()) {
      restore();
      assertThat(tables.violations()).as("broken foreign keys").isSubsetOf(violations);
    }
    verify();
  }

  private void script(String sql) {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      // Both drivers take a whole script here.
      statement.executeUpdate(sql);
    } catch (SQLException e) {
      throw new IllegalStateException("Cannot make " + story.name() + ": " + e.getMessage(), e);
    }
  }

  private void command(Expected.Command command) {
    Shell.Said said = shell.run(command.args());
    assertThat(said.exit()).as("the exit code of %s", said).isEqualTo(command.exit());
    command.says().forEach(part -> assertThat(said.all()).as("%s", said).contains(part));
  }

  private void verify() {
    Shell.Said said = shell.run(List.of("verify"));
    assertThat(said.exit()).as("the exit code of %s", said).isZero();
  }

  private void refused(Shell.Said said, List<String> failure) {
    assertThat(said.exit())
        .as("the exit code of %s", said)
        .isEqualTo(Integer.parseInt(failure.get(0)));
    JsonElement error = JsonParser.parseString(said.out()).getAsJsonObject().get("error");
    assertThat(error).as("the error of %s", said).isNotNull();
    JsonObject parts = error.getAsJsonObject();
    String text =
        Stream.of("code", "what", "state", "mend")
            .map(part -> parts.get(part).getAsString())
            .reduce("", (a, b) -> a + "\n" + b);
    failure.stream().skip(1).forEach(part -> assertThat(text).as("%s", said).contains(part));
    same(tables.read(), original);
    assertThat(shell.folder().resolve("archive/runs")).as("nothing is archived").doesNotExist();
  }

  private void kept(Shell.Said said) {
    Map<String, Map<String, Long>> counts = new HashMap<>();
    Map<String, String> details = new HashMap<>();
    for (JsonElement policy :
        JsonParser.parseString(said.out()).getAsJsonObject().getAsJsonArray("policies")) {
      String name = policy.getAsJsonObject().get("policy").getAsString();
      for (JsonElement each : policy.getAsJsonObject().getAsJsonArray("kept")) {
        JsonObject kept = each.getAsJsonObject();
        String reason = kept.get("reason").getAsString();
        counts
            .computeIfAbsent(name, n -> new HashMap<>())
            .merge(reason, kept.get("rows").getAsLong(), Long::sum);
        details.merge(
            name + " " + reason, kept.get("detail").getAsString(), (a, b) -> a + "\n" + b);
      }
    }
    expected
        .kept()
        .forEach(
            (policy, reasons) ->
                reasons.forEach(
                    (reason, stays) -> {
                      assertThat(counts.getOrDefault(policy, Map.of()).getOrDefault(reason, 0L))
                          .as("rows kept of policy %s as %s: %s", policy, reason, said)
                          .isEqualTo(stays.rows());
                      assertThat(details.getOrDefault(policy + " " + reason, ""))
                          .as("why rows of policy %s are kept as %s", policy, reason)
                          .contains(stays.detail());
                    }));
  }

  /** Every table is as it was but for the rows that the case names; moved ones are exact too. */
  private void live(Map<String, List<Row>> live, Shell.Said said) {
    Set<String> archives = new HashSet<>();
    Map<String, List<Row>> wanted = new HashMap<>(original);
    expected
        .tables()
        .forEach(
            (table, fate) -> {
              List<Row> before = original.get(table);
              assertThat(keys(fate, live.get(table)))
                  .as("live rows of %s after %s", table, said)
                  .isEqualTo(sorted(fate.live()));
              wanted.put(table, fate(fate, before));
              String archive = fate.archiveTable().orElse(table + "_archive");
              if (!fate.moved().isEmpty()) {
                archives.add(archive);
                moved(table, fate, live.getOrDefault(archive, List.of()));
              }
            });
    archives.forEach(wanted::remove);
    Map<String, List<Row>> others = new HashMap<>(live);
    archives.forEach(others::remove);
    same(others, wanted);
  }

  private void checkFates() {
    expected
        .tables()
        .forEach(
            (table, fate) -> {
              assertThat(original).as("tables of %s", story).containsKey(table);
              List<String> all = new ArrayList<>();
              Stream.of(fate.live(), fate.archived(), fate.moved(), fate.deleted())
                  .forEach(all::addAll);
              assertThat(keys(fate, original.get(table)))
                  .as("%s must say of every row of %s where it is in the end", story, table)
                  .isEqualTo(sorted(all));
            });
  }

  private List<Row> fate(Expected.Fate fate, List<Row> before) {
    List<Row> rows = new ArrayList<>();
    for (Row row : before) {
      String key = row.key(fate.key());
      Row after = row;
      for (Map.Entry<String, List<String>> each : fate.detached().entrySet()) {
        if (each.getValue().contains(key)) {
          after = after.without(each.getKey(), tables.nothing());
        }
      }
      if (fate.live().contains(key)) {
        rows.add(after);
      }
    }
    return rows;
  }

  private void moved(String table, Expected.Fate fate, List<Row> there) {
    List<String> found =
        there.stream()
            .peek(row -> row.exact().remove("archived_at"))
            .map(row -> row.exact().toString())
            .sorted()
            .toList();
    List<Row> wanted =
        original.get(table).stream()
            .filter(row -> fate.moved().contains(row.key(fate.key())))
            .toList();
    assertThat(found).as("moved rows of %s", table).isEqualTo(Tables.texts(wanted));
  }

  /** The archive's view shows what the case says, and nothing of other tables. */
  private void archived() {
    Map<String, Path> files = exported();
    expected
        .tables()
        .forEach(
            (table, fate) -> {
              List<String> rows =
                  files.containsKey(table) ? exportedKeys(fate, files.get(table)) : List.of();
              assertThat(rows).as("archived rows of %s", table).isEqualTo(sorted(fate.archived()));
              files.remove(table);
            });
    files.forEach(
        (table, file) -> assertThat(lines(file)).as("archived rows of %s", table).isEmpty());
  }

  /** What the archive shows, a file of JSON lines for each table. */
  private Map<String, Path> exported() {
    Path folder = shell.folder().resolve("export");
    List<String> arguments = List.of("export", "--json", "--format", "jsonl", "--to", "export");
    Shell.Said said = shell.run(arguments);
    assertThat(said.exit()).as("the exit code of %s", said).isZero();
    Map<String, Path> files = new HashMap<>();
    for (JsonElement each :
        JsonParser.parseString(said.out()).getAsJsonObject().getAsJsonArray("files")) {
      JsonObject file = each.getAsJsonObject();
      files.put(file.get("table").getAsString(), folder.resolve(file.get("file").getAsString()));
    }
    return files;
  }

  private static List<String> exportedKeys(Expected.Fate fate, Path file) {
    List<String> keys = new ArrayList<>();
    for (String line : lines(file)) {
      JsonObject row = JsonParser.parseString(line).getAsJsonObject();
      keys.add(
          String.join(
              "/",
              fate.key().stream()
                  .map(row::get)
                  .map(value -> value.isJsonNull() ? "null" : value.getAsString())
                  .toList()));
    }
    return sorted(keys);
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Everything that was archived or moved comes back; only deleted rows are away for good. */
  private void restore() {
    Shell.Said said = shell.run(List.of("restore", "--json"));
    assertThat(said.exit()).as("the exit code of %s", said).isZero();
    Map<String, List<Row>> wanted = new HashMap<>(original);
    Set<String> archives = new HashSet<>();
    expected
        .tables()
        .forEach(
            (table, fate) -> {
              wanted.put(
                  table,
                  original.get(table).stream()
                      .filter(row -> !fate.deleted().contains(row.key(fate.key())))
                      .toList());
              archives.add(fate.archiveTable().orElse(table + "_archive"));
            });
    Map<String, List<Row>> live = tables.read();
    archives.stream()
        .filter(archive -> live.getOrDefault(archive, List.of()).isEmpty())
        .filter(archive -> !wanted.containsKey(archive))
        .forEach(live::remove);
    same(live, wanted);
  }

  private void same(Map<String, List<Row>> live, Map<String, List<Row>> wanted) {
    assertThat(live.keySet()).as("tables").isEqualTo(wanted.keySet());
    wanted.forEach(
        (table, rows) -> {
          if (!expected.free().contains(table)) {
            assertThat(Tables.texts(live.get(table)))
                .as("the rows of %s, exactly", table)
                .isEqualTo(Tables.texts(rows));
          }
        });
  }

  private static List<String> keys(Expected.Fate fate, List<Row> rows) {
    return sorted(rows.stream().map(row -> row.key(fate.key())).toList());
  }

  private static List<String> sorted(List<String> keys) {
    return keys.stream().sorted().toList();
  }
}

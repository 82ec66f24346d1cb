package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LatestPerKeyTest {
  /** A primary row of a day or more counts as secondary; rows without a window count as primary. */
  private static final String RULE =
      "CASE WHEN \"window\" = 'secondary' OR window_minutes >= 1440 THEN 'secondary'"
          + " ELSE 'primary' END";

  private static final String USAGE =
      """
      CREATE TABLE usage_history (id BIGINT PRIMARY KEY, account_id VARCHAR(40),
        recorded_at VARCHAR(30), "window" VARCHAR(20), window_minutes INTEGER)""";
  private static final String BY_RULE =
      "CREATE INDEX by_rule ON usage_history (account_id, (" + RULE + "), recorded_at, id)";
  private static final String BY_WINDOW =
      "CREATE INDEX by_window ON usage_history (\"window\", account_id, recorded_at DESC)";

  @TempDir Path folder;

  private record Usage(long id, String account, String at, String window, Integer minutes) {
    String rule() {
      boolean secondary =
          Objects.equals(window, "secondary") || (minutes != null && minutes >= 1440);
      return secondary ? "secondary" : "primary";
    }
  }

  private static LatestPerKeyOpening usage() {
    return LatestPerKey.from("usage_history").key("account_id").newestBy("recorded_at", "id");
  }

  private static RowReader<Long> id() {
    return row -> row.getLong("id");
  }

  private static void insert(Database database, List<Usage> rows) {
    BatchInsert<Usage> insert =
        BatchInsert.into(
            "usage_history",
            List.of("id", "account_id", "recorded_at", "window", "window_minutes"),
            (statement, row) -> {
              statement.setLong(1, row.id());
              statement.setString(2, row.account());
              statement.setString(3, row.at());
              statement.setString(4, row.window());
              statement.setObject(5, row.minutes());
            });
    database.write(
        session -> {
          insert.write(session, rows);
          return true;
        });
  }

  /** What the page did before: fetch all, sort, take the first of each. */
  private static List<String> fetchAll(List<Usage> rows, List<String> windows) {
    List<String> newest = new ArrayList<>();
    for (String account : new TreeSet<>(rows.stream().map(Usage::account).toList())) {
      for (String window : windows) {
        rows.stream()
            .filter(row -> row.account().equals(account) && row.rule().equals(window))
            .max(Comparator.comparing(Usage::at).thenComparing(Usage::id))
            .ifPresent(row -> newest.add(account + " " + window + " " + row.id()));
      }
    }
    return newest;
  }

  private static List<String> told(List<Latest<Long>> latest) {
    return latest.stream().map(l -> l.key() + " " + l.window() + " " + l.row()).sorted().toList();
  }

  @ParameterizedTest
  @EnumSource
  void answersAsFetchAllDoes(Kind kind) {
    List<String> windows = List.of("primary", "secondary");
    for (long seed = 1; seed <= 6; seed++) {
      Random random = new Random(seed);
      List<Usage> rows = random(random);
      TestDatabase test = kind.fresh(folder);
      test.execute(USAGE, BY_RULE);
      try (Database database = test.open()) {
        insert(database, rows);
        LatestPerKey<Long> latest = usage().windowExpression(RULE).open(database, id());
        List<String> expected = fetchAll(rows, windows);
        List<String> accounts =
            new ArrayList<>(new TreeSet<>(rows.stream().map(Usage::account).toList()));
        accounts.add("nobody");
        accounts.add("'; DROP TABLE usage_history; --");
        assertThat(told(latest.of(accounts, "primary", "secondary")))
            .as("seed %d", seed)
            .isEqualTo(expected.stream().sorted().toList());
        assertThat(told(latest.all("primary", "secondary")))
            .as("seed %d, keys unknown", seed)
            .isEqualTo(expected.stream().sorted().toList());
      }
    }
  }

  private static List<Usage> random(Random random) {
    List<Usage> rows = new ArrayList<>();
    String[] windows = {"primary", "secondary", null};
    Integer[] minutes = {300, 1439, 1440, 10_080, null};
    int many = random.nextInt(300);
    for (int i = 0; i < many; i++) {
      rows.add(
          new Usage(
              random.nextInt(10) * 1_000L + i,
              "acc'" + random.nextInt(7),
              // Few times: many ties.
              "2026-11-22 03:00:0" + random.nextInt(10),
              windows[random.nextInt(3)],
              minutes[random.nextInt(5)]));
    }
    return rows;
  }

  /**
   * What it reads does not grow with history: for a busy key, an idle one, and one of 1,000 rows
   * that count elsewhere.
   */
  @Test
  void workIsFlatInHistory() throws Exception {
    assertThat(stepsAt(20_000)).isLessThanOrEqualTo(stepsAt(500) + 20);
  }

  /** SQLite's own count of the steps of its program, in hundreds... each counted. */
  private long stepsAt(int history) throws Exception {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(USAGE, BY_RULE);
    try (Database database = test.open()) {
      insert(database, history(history));
      LatestPerKey<Long> latest = usage().windowExpression(RULE).open(database, id());
      Steps steps = new Steps();
      List<String> found =
          database.read(
              session -> {
                // Both ways, on this session, so that its steps are those counted.
                return steps.counted(
                    session,
                    () -> {
                      List<String> rows = new ArrayList<>();
                      rows.addAll(
                          told(
                              latest.rowsOf(
                                  session,
                                  List.of("busy", "idle", "week"),
                                  "primary",
                                  "secondary")));
                      rows.addAll(told(latest.rowsOfAll(session, "primary", "secondary")));
                      return rows;
                    });
              });
      assertThat(found)
          .containsExactly(
              "busy primary " + history,
              "idle primary 0",
              "week secondary -1",
              "busy primary " + history,
              "idle primary 0",
              "week secondary -1");
      return steps.count();
    }
  }

  /** One key was idle ever since; one has but rows that count as the other window. */
  private static List<Usage> history(int rows) {
    List<Usage> all = new ArrayList<>();
    all.add(new Usage(0, "idle", "2020-01-01 00:00:00", "primary", 300));
    IntStream.rangeClosed(1, rows)
        .forEach(i -> all.add(new Usage(i, "busy", String.format("2026-%08d", i), "primary", 300)));
    IntStream.rangeClosed(1, 1_000)
        .forEach(
            i ->
                all.add(
                    new Usage(
                        -i, "week", String.format("2026-%08d", 5_000 - i), "primary", 10_080)));
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void readsBySeeksAlone(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(USAGE, BY_RULE);
    try (Database database = test.open()) {
      insert(database, history(3_000));
      test.execute("ANALYZE");
      LatestPerKey<Long> latest = usage().windowExpression(RULE).open(database, id());
      List<String> plan = database.read(latest::plan);
      assertThat(String.join("\n", plan)).contains("by_rule").doesNotContain("SCAN usage_history");
      assertThat(plan).noneMatch(line -> line.contains("Sort") || line.contains("TEMP B-TREE"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void servesFromAnIndexThatBeginsWithTheWindow(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(USAGE, BY_WINDOW);
    try (Database database = test.open()) {
      insert(
          database,
          List.of(
              new Usage(1, "a", "1", "primary", 1),
              new Usage(2, "a", "2", "primary", 1),
              new Usage(3, "a", "2", "primary", 1),
              new Usage(4, "b", "1", "secondary", 1),
              new Usage(5, "c", "1", null, 1)));
      LatestPerKey<Long> latest = usage().window("window").open(database, id());
      assertThat(told(latest.all("primary", "secondary", "tertiary")))
          .containsExactly("a primary 3", "b secondary 4");
      assertThat(told(latest.of(List.of("a", "b", "a"), "primary"))).containsExactly("a primary 3");
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutWindowsAndWithATableOfKeys(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        USAGE,
        "CREATE INDEX by_account ON usage_history (account_id, recorded_at)",
        "CREATE TABLE accounts (id VARCHAR PRIMARY KEY)",
        "INSERT INTO accounts VALUES ('a'), ('z')");
    try (Database database = test.open()) {
      insert(
          database,
          List.of(
              new Usage(1, "a", "1", null, 1),
              new Usage(2, "a", "2", null, 1),
              new Usage(3, "a", null, null, 1),
              new Usage(4, "b", "1", null, 1),
              new Usage(5, null, "9", null, 1)));
      LatestPerKeyOpening opening = usage().columns("id", "recorded_at");
      assertThat(told(opening.open(database, id()).all())).containsExactly("a null 2", "b null 4");
      LatestPerKey<Long> given = opening.keysFrom("accounts", "id").open(database, id());
      assertThat(told(given.all())).containsExactly("a null 2");
      assertThatThrownBy(() -> given.all("primary")).hasMessageStartingWith("No window is defined");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatNoIndexServes(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        USAGE,
        "CREATE INDEX of_another ON usage_history (recorded_at)",
        "CREATE INDEX of_the_key ON usage_history (account_id)");
    try (Database database = test.open()) {
      insert(database, List.of(new Usage(1, "a", "1", "primary", 1)));
      LatestPerKeyOpening opening = usage().windowExpression(RULE);
      assertThatThrownBy(() -> opening.open(database, id()))
          .asInstanceOf(type(StoreException.class))
          .satisfies(
              e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.NO_INDEX),
              e -> {
                assertThat(e)
                    .hasMessageStartingWith("Cannot read the newest row of each key of")
                    .hasMessageContaining("or say evenWithoutIndex");
                // What it says to make is what it needs.
                test.execute(e.getMessage().replaceAll("(?s).*(CREATE INDEX .*), or say.*", "$1"));
              });
      assertThat(told(opening.open(database, id()).all("primary"))).containsExactly("a primary 1");
    }
  }

  /**
   * SQLite finds the newest row again by its id; without an index that reads the table for each.
   */
  @Test
  void refusesAnIdThatNoIndexFinds() {
    TestDatabase test = Kind.SQLITE.fresh(folder);
    test.execute(
        "CREATE TABLE n (id BIGINT, k BIGINT, at BIGINT)",
        "CREATE INDEX n_k ON n (k, at, id)",
        "INSERT INTO n VALUES (1, 7, 1), (2, 7, 1), (3, 8, 1)");
    try (Database database = test.open()) {
      LatestPerKeyOpening opening = LatestPerKey.from("n").key("k").newestBy("at", "id");
      String make = "CREATE UNIQUE INDEX \"tideline_id_n\" ON \"n\" (\"id\")";
      assertThatThrownBy(() -> opening.open(database, id()))
          .hasMessage(
              "Cannot read the newest row of each key of \"n\" by seeks: no index serves by its id."
                  + " Nothing was read. Make one: "
                  + make
                  + ", or say evenWithoutIndex.");
      test.execute(make);
      assertThat(told(opening.open(database, id()).all())).containsExactly("7 null 2", "8 null 3");
    }
  }

  /** A key never gets another's row, though the id is unique within each key alone. */
  @ParameterizedTest
  @EnumSource
  void idsThatOtherKeysHaveToo(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        "CREATE TABLE n (id BIGINT, k BIGINT, at BIGINT, PRIMARY KEY (id, k))",
        "CREATE INDEX n_k ON n (k, at, id)",
        "INSERT INTO n VALUES (1, 7, 5), (2, 7, 1), (1, 8, 1), (2, 8, 2)");
    try (Database database = test.open()) {
      LatestPerKey<Long> latest =
          LatestPerKey.from("n").key("k").newestBy("at", "id").open(database, id());
      assertThat(told(latest.of(List.of(7L, 8L)))).containsExactly("7 null 1", "8 null 2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsEvenWithoutAnIndex(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(USAGE);
    List<Usage> rows = random(new Random(9));
    try (Database database = test.open()) {
      insert(database, rows);
      LatestPerKey<Long> latest =
          usage().windowExpression(RULE).evenWithoutIndex().open(database, id());
      assertThat(told(latest.all("secondary"))).isEqualTo(fetchAll(rows, List.of("secondary")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHundredThousandKeys(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(
        "CREATE TABLE n (id BIGINT PRIMARY KEY, k BIGINT, at DOUBLE PRECISION)",
        "CREATE INDEX n_k ON n (k, at, id)",
        """
        WITH RECURSIVE i(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM i WHERE v < 100000)
        INSERT INTO n SELECT v, v, v FROM i""");
    try (Database database = test.open()) {
      LatestPerKey<Long> latest =
          LatestPerKey.from("n").key("k").newestBy("at", "id").open(database, id());
      List<Long> keys = IntStream.rangeClosed(1, 100_000).mapToObj(Long::valueOf).toList();
      assertThat(latest.of(keys)).hasSize(100_000);
      assertThat(latest.all()).hasSize(100_000).first().extracting(Latest::key).isEqualTo(1L);
    }
  }

  @Test
  void whatWasNotSaidIsAsked() {
    try (Database database = Kind.SQLITE.fresh(folder).open()) {
      assertThatThrownBy(() -> LatestPerKey.from("t").open(database, id()))
          .hasMessage("Nothing was said by key before open");
    }
  }
}

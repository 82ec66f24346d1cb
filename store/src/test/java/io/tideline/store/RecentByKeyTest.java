package io.tideline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RecentByKeyTest {
  private static final String LOGS =
      "CREATE TABLE logs (id BIGINT PRIMARY KEY, account_id VARCHAR, at TIMESTAMP)";
  private static final String INDEX = "CREATE INDEX logs_at ON logs (account_id, at)";

  @TempDir Path folder;

  private static RecentByKey<Long> open(Database database) {
    return RecentByKey.from("logs")
        .key("account_id")
        .newestBy("at", "id")
        .columns("id")
        .open(database, row -> row.getLong("id"));
  }

  private record Log(long id, String account, String at) {}

  private static List<Log> fill(Database database, TestDatabase test) {
    Random random = new Random(4);
    List<Log> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      String at = "2026-11-22 03:00:0" + random.nextInt(3) + "." + (random.nextInt(9) + 1);
      rows.add(new Log(random.nextInt(9) * 1_000L + i, "a" + random.nextInt(2), at));
    }
    String type = test.kind() == Kind.SQLITE ? "?" : "CAST(? AS timestamp)";
    database.write(
        session -> {
          for (Log row : rows) {
            session.update(
                "INSERT INTO logs VALUES (?, ?, " + type + ")", row.id(), row.account(), row.at());
          }
          session.update("INSERT INTO logs VALUES (-1, 'a0', NULL)");
          return true;
        });
    rows.sort(
        (one, two) -> {
          int byTime = two.at().compareTo(one.at());
          return byTime != 0 ? byTime : Long.compare(two.id(), one.id());
        });
    return rows.stream().filter(row -> row.account().equals("a0")).toList();
  }

  @ParameterizedTest
  @EnumSource
  void pagesWithoutGapsAndRepeatsThroughTies(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS, INDEX);
    try (Database database = test.open()) {
      List<Long> expected = fill(database, test).stream().map(Log::id).toList();
      RecentByKey<Long> recent = open(database);
      assertThat(recent.last("a0", 7)).isEqualTo(expected.subList(0, 7));
      assertThat(recent.stream("a0", null)).containsExactlyElementsOf(expected);
      List<Long> paged = new ArrayList<>();
      Page<Long> page = recent.page("a0", null, 7, null);
      paged.addAll(page.rows());
      while (page.next().isPresent()) {
        page = recent.page("a0", null, 7, Cursor.parse(page.next().get().token()));
        assertThat(page.rows()).isNotEmpty();
        paged.addAll(page.rows());
      }
      assertThat(paged).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sinceIsInclusiveAndAsTheColumnStoresIt(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS, INDEX);
    try (Database database = test.open()) {
      List<Long> expected =
          fill(database, test).stream()
              .filter(row -> row.at().compareTo("2026-11-22 03:00:01.5") >= 0)
              .map(Log::id)
              .toList();
      RecentByKey<Long> recent = open(database);
      assertThat(recent.since("a0", "2026-11-22 03:00:01.5", 1_000)).isEqualTo(expected);
      if (kind == Kind.POSTGRESQL) {
        assertThat(recent.since("a0", LocalDateTime.parse("2026-11-22T03:00:01.5"), 1_000))
            .isEqualTo(expected);
      }
      assertThat(recent.last("a0'; DROP TABLE logs; --", 5)).isEmpty();
      assertThatThrownBy(() -> recent.last("a0", 0)).hasMessageContaining("limit is 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesWhatNoIndexServes(Kind kind) {
    TestDatabase test = kind.fresh(folder);
    test.execute(LOGS, "CREATE INDEX of_another ON logs (at)");
    try (Database database = test.open()) {
      assertThatThrownBy(() -> open(database))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("(\"account_id\", \"at\", \"id\"), or say evenWithoutIndex");
      test.execute(INDEX);
      assertThat(open(database).last("a0", 1)).isEmpty();
    }
  }
}

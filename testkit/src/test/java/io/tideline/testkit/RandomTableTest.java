package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RandomTableTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant CUTOFF = NOW.minus(Duration.ofDays(30));

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Product.class)
  void everyTimeAndKeyCanBeMadeAndFilled(Product product) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (TestDatabase database = product.create(folder)) {
      for (TimeWriting time : TimeWriting.all(product)) {
        for (RandomTable.KeyKind key : RandomTable.KeyKind.values()) {
          RandomTable table = RandomTable.with(product, time, key, random);
          database.execute(table.ddl());
          List<RandomRow> rows = new RandomRows(table, CUTOFF, NOW, random).insert(database, 60);
          assertThat(database.dumpBy(table.name(), "tag").keySet())
              .as("seed %d, %s", seed, table)
              .containsExactlyInAnyOrderElementsOf(rows.stream().map(RandomRow::tag).toList());
          assertThat(rows).anyMatch(row -> row.expiredAt(CUTOFF));
          database.execute("DROP TABLE " + TestDatabase.quote(table.name()));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void aSeedGivesTheSameTableRowsAndText(Product product) {
    try (TestDatabase one = product.create(folder);
        TestDatabase other = one.sibling()) {
      assertThat(fill(one, 42)).isEqualTo(fill(other, 42)).isNotEmpty();
    }
  }

  private static Map<String, String> fill(TestDatabase database, long seed) {
    Random random = new Random(seed);
    RandomTable table = RandomTable.any(database.product(), random);
    database.execute(table.ddl());
    // What the database itself makes up cannot be the same.
    RandomRows rows = new RandomRows(table, CUTOFF, NOW, random);
    List<RandomRow> made =
        rows.make(40).stream()
            .filter(row -> row.literals().stream().noneMatch(v -> v.startsWith("randomblob")))
            .toList();
    database.execute(table.insert(made));
    return database.dumpBy(table.name(), "tag");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theTextOfARowTellsValuesApart(Product product) {
    try (TestDatabase database = product.create(folder)) {
      boolean sqlite = product == Product.SQLITE;
      database.execute(
          "CREATE TABLE v (a " + (sqlite ? "" : "text") + ", b double precision)",
          "INSERT INTO v VALUES (NULL, 0.1), ('', 0.30000000000000004), ('null', 0.3)",
          "INSERT INTO v VALUES ('NULL', NULL), (' ', 1), ('  ', 1)");
      assertThat(database.dump("v")).doesNotHaveDuplicates().hasSize(6);
      if (sqlite) {
        database.execute(
            "INSERT INTO v VALUES (1, 1), (1.0, 1), ('1', 1), (x'31', 1), (CAST(x'ff' AS TEXT), 1)");
        assertThat(database.dump("v")).doesNotHaveDuplicates().hasSize(11);
      }
    }
  }
}

package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tideline.tuning.Expectations;
import io.tideline.tuning.QuerySpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class QueriesTest {
  private static final String HEAD = "version: 1\ndatabase: a.db\narchive: a\nqueries:\n";
  private static final Instant NOW = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path dir;

  @Test
  void aQueryHasSqlParametersAndExpectations() throws IOException {
    QuerySpec query =
        load("""
                  session:
                    sql: |
                      SELECT * FROM t WHERE a = :a AND at > :since -- :not this
                    params: {a: x, since: {ago: 10m, as: epoch-s}}
                    expect:
                      uses_index: [t_a, t_b]
                      no_full_scan: true
                      may_scan: small
                      no_sort: true
                      max_examined: 1.5
                """)
            .get(0);

    assertThat(query.name()).isEqualTo("session");
    assertThat(query.values(NOW)).containsExactly("x", NOW.getEpochSecond() - 600);
    assertThat(query.expect())
        .isEqualTo(
            new Expectations(
                List.of("t_a", "t_b"), true, List.of("small"), true, Optional.of(1.5)));
  }

  @Test
  void withoutExpectationsNothingIsExpected() throws IOException {
    assertThat(load("  q: {sql: SELECT 1}\n").get(0).expect()).isEqualTo(Expectations.NONE);
    assertThat(load("  q: {sql: SELECT 1, params:, expect:}\n")).hasSize(1);
    assertThat(load("")).isEmpty();
  }

  @Test
  void valuesHaveTheTypesThatYamlGivesThem() throws IOException {
    List<Object> values =
        values(
            "word",
            "'10'",
            "10",
            "-7",
            "007",
            "1.5",
            ".inf",
            "true",
            "null",
            "''",
            "${WHO}",
            "{type: integer, value: '5'}",
            "{type: text, value: 5}",
            "{type: text, value: ''}",
            "{type: boolean, value: false}",
            "{type: timestamp, value: 2026-05-02 10:00:00}",
            "{type: timestamp, value: '2026-05-02T12:00:00+02:00', as: text}",
            "{type: timestamp, value: 2026-05-02, as: epoch-ms}",
            "{ago: 0, as: iso-z}",
            "{ago: 1d}");

    assertThat(values)
        .containsExactly(
            "word",
            "10",
            10L,
            -7L,
            "007",
            1.5,
            Double.POSITIVE_INFINITY,
            true,
            null,
            "",
            "me",
            5L,
            "5",
            "",
            false,
            NOW,
            "2026-05-02 10:00:00",
            1777680000000L,
            "2026-05-02T10:00:00Z",
            NOW.minusSeconds(86_400));
    assertThat((byte[]) values("{type: blob, value: 00ff}").get(0)).containsExactly(0, 255);
  }

  @Test
  void samplesTakeTurns() throws IOException {
    QuerySpec query =
        load("  q: {sql: 'SELECT :a', params: {a: {sample: [x, 2, {ago: 0, as: date}]}}}\n").get(0);

    assertThat(query.values(NOW)).containsExactly("x");
    assertThat(query.values(NOW, 1)).containsExactly(2L);
    assertThat(query.values(NOW, 2)).containsExactly("2026-05-02");
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    ConfigException wrong =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                load(
                    """
                      two: {sql: SELECT 1; SELECT 2}
                      none: {params: {}}
                      missing:
                        sql: SELECT :since, :other
                        params: {sinse: 1}
                      types:
                        sql: SELECT :a, :b, :c, :d, :e, :f, :g, :h
                        params:
                          a: {type: integer, value: ten}
                          b: {type: number, value: 1}
                          c: {type: timestamp, value: yesterday}
                          d: {ago: soon}
                          e: {ago: 1d, type: text, value: x}
                          f: [1, 2]
                          g: {sample: []}
                          h: 99999999999999999999
                      expect:
                        sql: SELECT 1
                        expect: {uses_indices: a, may_scan: [t], no_sort: yes, max_examined: none}
                    """));

    assertThat(wrong)
        .hasMessageContainingAll(
            "5:14  Cannot use this as a query: it is more than one statement (character 11). Write",
            "6:9  Query 'none' lacks the key 'sql'. Add 'sql: SELECT ...'.",
            "9:13  'sql' of query 'missing' has the parameter :since, and nothing gives it a value."
                + " Add 'since: VALUE' to 'params'.",
            "9:13  'sql' of query 'missing' has the parameter :other, and",
            "9:21  'sql' of query 'missing' has no parameter :sinse. Did you mean 'since'?",
            "13:33  'value' of parameter 'a' of query 'types' cannot be 'ten': it is no integer."
                + " Write one as 42.",
            "14:17  'type' of parameter 'b' of query 'types' cannot be 'number'.",
            "15:35  'value' of parameter 'c' of query 'types' cannot be 'yesterday': it is no"
                + " timestamp. Write one as 2026-05-02 10:00:00, in UTC.",
            "16:16  Cannot use 'soon' as 'ago' of parameter 'd' of query 'types'.",
            "17:10  'type' of parameter 'e' of query 'types' and 'ago' are both given.",
            "18:10  Parameter 'f' of query 'types' must be a single value.",
            "19:10  'sample' of parameter 'g' of query 'types' must be a list of values",
            "20:10  Parameter 'h' of query 'types' cannot be '99999999999999999999': it is no",
            "23:14  Unknown key 'uses_indices' in 'expect' of query 'expect'. Did you mean"
                + " 'uses_index'?",
            "23:41  'may_scan' of 'expect' of query 'expect' has no meaning without 'no_full_scan'.",
            "23:55  'no_sort' of 'expect' of query 'expect' cannot be 'yes'.",
            "23:74  'max_examined' of 'expect' of query 'expect' cannot be 'none'. Write how many");
  }

  private List<Object> values(String... samples) throws IOException {
    List<Object> values = new ArrayList<>();
    for (String sample : samples) {
      QuerySpec query =
          load("  q:\n    sql: SELECT :a\n    params:\n      a: " + sample + "\n").get(0);
      values.add(query.values(NOW).get(0));
    }
    return values;
  }

  private List<QuerySpec> load(String queries) throws IOException {
    Path file = dir.resolve("tideline.yaml");
    Files.writeString(file, HEAD + queries);
    return ConfigFile.load(file, Map.of("WHO", "me")).queries();
  }
}

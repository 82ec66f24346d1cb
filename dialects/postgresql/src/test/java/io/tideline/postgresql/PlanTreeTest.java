package io.tideline.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.PlanNode.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans that servers really gave, see the README beside them. */
class PlanTreeTest {
  private static final List<Integer> VERSIONS = List.of(14, 17);
  private static final String EXPLAIN =
      "EXPLAIN (ANALYZE, FORMAT JSON, VERBOSE, TIMING OFF, SUMMARY OFF) ";
  private static final Map<String, String> QUERIES = sections("queries.sql");

  private static Postgres server;
  private static Relations relations;

  @BeforeAll
  static void start() throws SQLException {
    server = new Postgres("", text("schema.sql"));
    try (Session session =
        Sessions.reading(ConnectionUrl.of(new DatabaseUrl(server.url("postgres"))))) {
      relations = Relations.read(session);
    }
  }

  @AfterAll
  static void stop() throws SQLException {
    server.close();
  }

  @Test
  void everyRecordedPlanIsReadAsItWas() throws IOException {
    StringBuilder facts = new StringBuilder();
    for (String name : QUERIES.keySet()) {
      facts.append("-- ").append(name).append('\n');
      for (int version : VERSIONS) {
        String json = sections("postgresql-" + version + ".txt").get(name);
        facts.append(version).append(": ").append(facts(json, version)).append('\n');
      }
    }
    Files.writeString(Path.of("target/plan-facts.txt"), facts);

    assertThat(facts.toString()).isEqualTo(text("facts.txt"));
  }

  @Test
  void noStepOfThisServerIsUnknownButThoseThatWrite() throws SQLException, IOException {
    int version = Postgres.version();
    StringBuilder recorded = new StringBuilder();
    try (Statement statement = server.connection.createStatement()) {
      statement.execute("SET max_parallel_workers_per_gather = 0; SET jit = off");
      for (Map.Entry<String, String> query : QUERIES.entrySet()) {
        server.connection.setAutoCommit(false);
        String json;
        try (ResultSet rows = statement.executeQuery(EXPLAIN + query.getValue())) {
          rows.next();
          json = rows.getString(1);
        }
        server.connection.rollback();
        server.connection.setAutoCommit(true);
        recorded.append("-- ").append(query.getKey()).append('\n').append(json).append('\n');
        assertThat(steps(json, version))
            .filteredOn(step -> step.kind() == Kind.UNKNOWN)
            .extracting(PlanNode::text)
            .allMatch(text -> text.startsWith("ModifyTable") || text.startsWith("LockRows"));
      }
    }
    Path folder = Files.createDirectories(Path.of("target/plans"));
    Files.writeString(folder.resolve("postgresql-" + version + ".txt"), recorded);
  }

  @Test
  void aStepThatNobodyKnowsIsUnknown() {
    String json = "[{\"Plan\": {\"Node Type\": \"Custom Scan\", \"Custom Plan Provider\": \"x\"}}]";

    assertThat(steps(json, 17)).extracting(PlanNode::kind).containsExactly(Kind.UNKNOWN);
  }

  @Test
  void aMeanThatIsRoundedToNothingCountsAsHalfARow() {
    String json =
        """
        [{"Plan": {"Node Type": "Index Scan", "Relation Name": "t", "Index Name": "i",
          "Index Cond": "(x = 1)", "Actual Rows": %s, "Actual Loops": 100}}]""";

    assertThat(new PlanTree(relations, 17).work(json.formatted("0")).examined()).isEqualTo(50);
    assertThat(new PlanTree(relations, 18).work(json.formatted("0.07")).examined()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({
    "(u.account_id IS NOT NULL), Hash, WHOLE_INDEX",
    "(u.account_id IS NOT NULL), Limit, INDEX_SEARCH",
    "((u.account_id IS NOT NULL) AND (u.account_id > 'x'::text)), Hash, INDEX_SEARCH",
    "(u.at > a.account_id), Hash, WHOLE_INDEX",
    "(u.account_id = a.at), Hash, INDEX_SEARCH",
  })
  void onlyAConditionOnTheFirstColumnOfItsOwnTableSeeks(String condition, String above, Kind kind) {
    String json =
        """
        [{"Plan": {"Node Type": "%s", "Plans": [{"Node Type": "Append", "Plans": [
          {"Node Type": "Index Scan", "Schema": "public", "Relation Name": "usage", "Alias": "u",
          "Index Name": "usage_account", "Index Cond": "%s"}]}]}}]"""
            .formatted(above, condition);

    assertThat(steps(json, 17)).extracting(PlanNode::kind).last().isEqualTo(kind);
  }

  @Test
  void sinceEighteenALaterColumnIsSkippedTo() {
    String json =
        """
        [{"Plan": {"Node Type": "Index Only Scan", "Schema": "public", "Relation Name": "usage",
          "Index Name": "usage_account", "Index Cond": "(usage.at = 'x'::timestamp)",
          "Index Searches": 21}}]""";

    assertThat(steps(json, 17)).extracting(PlanNode::kind).containsExactly(Kind.WHOLE_INDEX);
    assertThat(steps(json, 18)).extracting(PlanNode::kind).containsExactly(Kind.SKIP_SCAN);
  }

  private static String facts(String json, int version) {
    return steps(json, version).stream()
        .filter(step -> step.kind() != Kind.OTHER)
        .map(
            step ->
                step.kind()
                    + (step.table().isEmpty() ? "" : " " + step.table())
                    + (step.index().isEmpty() ? "" : " BY " + step.index())
                    + (step.covering() ? " ALONE" : "")
                    + step.examined().map(rows -> " " + rows).orElse(""))
        .collect(Collectors.joining("; "));
  }

  private static List<PlanNode> steps(String json, int version) {
    return new PlanTree(relations, version).plan(json).all().toList();
  }

  private static Map<String, String> sections(String file) {
    Map<String, String> sections = new LinkedHashMap<>();
    for (String section : text(file).split("(?m)^-- ")) {
      int end = section.indexOf('\n');
      if (end > 0) {
        sections.put(section.substring(0, end), section.substring(end + 1).strip());
      }
    }
    return sections;
  }

  private static String text(String file) {
    try (InputStream in = PlanTreeTest.class.getResourceAsStream("plans/" + file)) {
      return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.tuning.PlanNode;
import io.tideline.tuning.PlanNode.Kind;
import io.tideline.tuning.QueryText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plans that releases of SQLite really gave, see the README beside them. */
class PlanGrammarTest {
  static final List<String> VERSIONS =
      List.of(
          "3.28.0", "3.32.3", "3.36.0", "3.39.4", "3.40.1", "3.42.0", "3.45.3", "3.46.1", "3.49.1",
          "3.50.3", "3.51.3", "3.53.4", "3.54.1");

  private static final PlanNames.Schema SCHEMA = read();
  private static final Map<String, String> QUERIES = sections("queries.sql");

  static List<String> versions() {
    return VERSIONS;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyLineOfEveryVersionIsKnown(String version) {
    List<String> unknown =
        QUERIES.keySet().stream()
            .flatMap(name -> plan(version, name).stream())
            .flatMap(PlanNode::all)
            .filter(step -> step.kind() == Kind.UNKNOWN)
            .map(PlanNode::text)
            .toList();

    assertThat(unknown).isEmpty();
  }

  /** What counts of each plan, and since which version. */
  @Test
  void everyPlanIsReadAsItWas() throws IOException {
    StringBuilder facts = new StringBuilder();
    for (String name : QUERIES.keySet()) {
      facts.append("-- ").append(name).append('\n');
      String before = "";
      for (String version : VERSIONS) {
        String now = facts(plan(version, name));
        if (!now.equals(before)) {
          facts.append(version).append(": ").append(now).append('\n');
          before = now;
        }
      }
    }

    Files.writeString(Path.of("target/plan-facts.txt"), facts);
    assertThat(facts.toString()).isEqualTo(text("facts.txt"));
  }

  @Test
  void whatIsNotInTheGrammarIsToldAsUnknown() {
    PlanNames names = PlanNames.of(schema(), QueryText.of("SELECT 1"));
    List<PlanNode> steps =
        new PlanLines(names, "3.99.0")
            .read(
                List.of(
                    new PlanLines.Line(1, 0, "TELEPORT INTO plain"),
                    new PlanLines.Line(2, 0, "SEARCH plain USING INDEX nobodys (a=?)"),
                    new PlanLines.Line(3, 0, "SCAN plain USING MAGIC")));

    assertThat(steps).extracting(PlanNode::kind).containsOnly(Kind.UNKNOWN);
  }

  private static String facts(List<PlanNode> steps) {
    return steps.stream()
        .flatMap(PlanNode::all)
        .filter(step -> step.kind() != Kind.OTHER)
        .map(
            step ->
                step.kind()
                    + (step.table().isEmpty() ? "" : " " + step.table())
                    + (step.index().isEmpty() ? "" : " BY " + step.index())
                    + (step.covering() && step.index().length() > 0 ? " ALONE" : ""))
        .collect(Collectors.joining("; "));
  }

  private static List<PlanNode> plan(String version, String name) {
    List<PlanLines.Line> lines = new ArrayList<>();
    for (String line : sections("sqlite-" + version + ".txt").get(name).split("\n")) {
      String[] parts = line.split("\\|", 3);
      if (!parts[0].equals("refused")) {
        lines.add(
            new PlanLines.Line(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2]));
      }
    }
    String sql = QUERIES.get(name).replace("?", ":x");
    return new PlanLines(PlanNames.of(schema(), QueryText.of(sql)), version).read(lines);
  }

  private static PlanNames.Schema schema() {
    return SCHEMA;
  }

  private static PlanNames.Schema read() {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement()) {
      for (String sql : text("schema.sql").split(";\n")) {
        if (sql.startsWith("CREATE")) {
          statement.execute(sql);
        }
      }
      List<String[]> objects = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery("SELECT type, name, tbl_name, sql FROM sqlite_schema")) {
        while (rows.next()) {
          objects.add(
              new String[] {
                rows.getString(1), rows.getString(2), rows.getString(3), rows.getString(4)
              });
        }
      }
      return SchemaNames.of(objects);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
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

  static String text(String file) {
    try (InputStream in = PlanGrammarTest.class.getResourceAsStream("plans/" + file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

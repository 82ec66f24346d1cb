package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.config.ConfigFile;
import io.tideline.policy.Dependent;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Settings;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The policies read, and name only tables that the schemas have. */
final class PoliciesTest {
  private static final Pattern TABLE = Pattern.compile("CREATE TABLE (\\w+)");

  @ParameterizedTest
  @ValueSource(strings = {"codex-lb", "elspeth", "selfos", "traces"})
  void nameTablesOfTheSchema(String example) throws Exception {
    Settings settings = settings(example, Map.of());

    Set<String> named = new TreeSet<>();
    for (Policy policy : settings.policies()) {
      named.add(policy.table());
      policy.dependents().stream().map(Dependent::table).forEach(named::add);
    }
    for (Reference reference : settings.references()) {
      named.add(reference.table());
      named.add(reference.to());
    }
    for (List<String> tables : schemas(example)) {
      assertThat(tables).containsAll(named);
    }
  }

  @Test
  void elspethNamesEveryTable() throws Exception {
    Policy runs = settings("elspeth", Map.of()).policies().get(0);
    List<String> named = new ArrayList<>(List.of(runs.table()));
    runs.dependents().stream().map(Dependent::table).forEach(named::add);

    assertThat(schemas("elspeth")).hasSize(2);
    for (List<String> tables : schemas("elspeth")) {
      assertThat(tables).containsExactlyInAnyOrderElementsOf(named);
    }
  }

  @Test
  void codexLbIsOffUntilAVariableTurnsItOn() {
    String variable = "CODEX_LB_REQUEST_LOGS_RETENTION_DAYS";

    assertThat(settings("codex-lb", Map.of()).policies())
        .allSatisfy(policy -> assertThat(policy.retain()).isEmpty());
    assertThat(settings("codex-lb", Map.of(variable, "30")).policies().get(0).retain()).isPresent();
  }

  private static Settings settings(String example, Map<String, String> env) {
    return ConfigFile.load(Place.EXAMPLES.resolve(example).resolve("tideline.yaml"), env)
        .settings();
  }

  private static List<List<String>> schemas(String example) throws Exception {
    List<List<String>> all = new ArrayList<>();
    for (String product : List.of("sqlite", "postgresql")) {
      var file = Place.EXAMPLES.resolve(example).resolve("schema." + product + ".sql");
      if (Files.exists(file)) {
        Matcher table = TABLE.matcher(Files.readString(file));
        all.add(table.results().map(result -> result.group(1)).toList());
      }
    }
    return all;
  }
}

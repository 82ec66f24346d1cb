package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ELSPETH's payload folder has everything that such a folder has. */
final class PayloadsTest {
  private static final String REFERENCES =
      """
      SELECT run_id, source_data_ref FROM rows
      UNION SELECT run_id, token_data_ref FROM tokens
      UNION SELECT run_id, input_data_ref FROM operations
      UNION SELECT run_id, output_data_ref FROM operations
      UNION SELECT s.run_id, c.request_ref FROM calls c JOIN node_states s USING (state_id)
      UNION SELECT s.run_id, c.response_ref FROM calls c JOIN node_states s USING (state_id)
      UNION SELECT o.run_id, c.request_ref FROM calls c JOIN operations o USING (operation_id)
      UNION SELECT o.run_id, c.response_ref FROM calls c JOIN operations o USING (operation_id)
      UNION SELECT s.run_id, e.reason_ref FROM routing_events e JOIN node_states s USING (state_id)
      UNION SELECT s.run_id, replace(i.payload_ref, 'sha256:', '')
        FROM export_snapshot_items i JOIN export_snapshots s USING (snapshot_id)
      """;

  @TempDir Path dir;

  @Test
  void hasSharedOrphanedMissingAndMisfiledFiles() throws Exception {
    new Place(dir, "elspeth").make("elspeth", "a.db");
    Map<String, Set<String>> runs = runsByHash();
    Set<String> files = files();
    Set<String> placed =
        files.stream()
            .filter(f -> f.matches("[0-9a-f]{2}/[0-9a-f]{64}") && f.startsWith(f.substring(3, 5)))
            .map(f -> f.substring(3))
            .collect(Collectors.toSet());

    assertThat(runs.values()).anySatisfy(of -> assertThat(of).hasSize(48));
    assertThat(runs.keySet().stream().filter(hash -> !placed.contains(hash))).hasSize(18);
    assertThat(placed.stream().filter(hash -> !runs.containsKey(hash))).hasSize(12);
    assertThat(files).hasSize(placed.size() + 6);
  }

  private Map<String, Set<String>> runsByHash() throws Exception {
    Map<String, Set<String>> runs = new HashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("a.db"));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(REFERENCES)) {
      while (rows.next()) {
        if (rows.getString(2) != null) {
          runs.computeIfAbsent(rows.getString(2), hash -> new HashSet<>()).add(rows.getString(1));
        }
      }
    }
    return runs;
  }

  private Set<String> files() throws IOException {
    Path folder = dir.resolve("payloads");
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .collect(Collectors.toSet());
    }
  }
}

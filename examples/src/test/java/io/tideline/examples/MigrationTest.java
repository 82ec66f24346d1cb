package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of traces is migrated and rolled back beside an application that knows nothing. */
final class MigrationTest {
  private static final String QUERY =
      """
      SELECT t.id, t.created_at FROM trace_sessions s JOIN traces t ON t.id = s.trace_id
      WHERE s.session_uid = ? AND %1$s.created_at > ? ORDER BY %1$s.created_at DESC LIMIT 1000
      """;
  private static final String OLD = QUERY.formatted("t");
  private static final String NEW = QUERY.formatted("s");

  @TempDir Path dir;

  /** A trace of an answer. */
  private record Found(String id, double created) {
    boolean written() {
      return id.startsWith(OldTraceWriter.PREFIX);
    }
  }

  @Test
  void everyWindowAnswersAsBefore() throws Exception {
    Place place = new Place(dir, "traces");
    place.make("traces", "traces.db");
    Path file = dir.resolve("traces.db");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        OldTraceWriter writer = new OldTraceWriter(file)) {
      writer.awaitFirst();
      Map<String, List<Found>> before = stored(answers(connection, OLD));
      assertThat(before).hasSize(2 * 400);
      assertThat(before.values()).noneMatch(List::isEmpty);

      CompletableFuture<Void> migration =
          CompletableFuture.runAsync(
              () -> {
                done(place, "backfill", "-c", "migration.yaml", "--yes");
                done(place, "indexes", "-c", "migration.yaml", "--apply", "--blocking");
              });
      do {
        assertThat(stored(answers(connection, OLD))).isEqualTo(before);
      } while (!migration.isDone());
      migration.join();
      bothAnswerAlike(connection, before);
      done(place, "check", "-c", "migration.yaml");

      done(place, "indexes", "-c", "rollback.yaml", "--apply", "--blocking");
      assertThat(place.tideline(List.of("check", "-c", "migration.yaml")).exit()).isEqualTo(1);
      done(place, "backfill", "-c", "rollback.yaml", "--undo", "--yes");
      assertThat(stored(answers(connection, OLD))).isEqualTo(before);

      done(place, "backfill", "-c", "migration.yaml", "--yes");
      done(place, "indexes", "-c", "migration.yaml", "--apply", "--blocking");
      assertThat(writer.end()).isZero();
      done(place, "backfill", "-c", "migration.yaml", "--finish", "--yes");
      bothAnswerAlike(connection, before);
    }
  }

  private static void done(Place place, String... command) {
    Place.Said said = place.tideline(Arrays.asList(command));
    assertThat(said.exit()).as(said.text()).isZero();
  }

  /** In one snapshot, with what was written meanwhile. */
  private static void bothAnswerAlike(Connection connection, Map<String, List<Found>> before)
      throws SQLException {
    connection.setAutoCommit(false);
    Map<String, List<Found>> old = answers(connection, OLD);
    Map<String, List<Found>> now = answers(connection, NEW);
    connection.rollback();
    connection.setAutoCommit(true);
    assertThat(now).isEqualTo(old);
    assertThat(stored(now)).isEqualTo(before);
    assertThat(now.values().stream().flatMap(List::stream)).anyMatch(Found::written);
  }

  /** Without what was written meanwhile. */
  private static Map<String, List<Found>> stored(Map<String, List<Found>> answers) {
    Map<String, List<Found>> stored = new TreeMap<>();
    answers.forEach(
        (session, found) ->
            stored.put(session, found.stream().filter(each -> !each.written()).toList()));
    return stored;
  }

  /** Of each session all, and its newer half. */
  private static Map<String, List<Found>> answers(Connection connection, String query)
      throws SQLException {
    Map<String, List<Found>> answers = new TreeMap<>();
    try (PreparedStatement select = connection.prepareStatement(query)) {
      for (Map.Entry<String, Double> session : sessions(connection).entrySet()) {
        answers.put(session.getKey(), answer(select, session.getKey(), 0));
        answers.put(
            session.getKey() + ", newer", answer(select, session.getKey(), session.getValue()));
      }
    }
    return answers;
  }

  /** Each session, and the middle of the times that it had at first. */
  private static Map<String, Double> sessions(Connection connection) throws SQLException {
    Map<String, Double> sessions = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT s.session_uid, avg(t.created_at) FROM trace_sessions s"
                    + " JOIN traces t ON t.id = s.trace_id"
                    + " WHERE t.id NOT LIKE 'w-%' GROUP BY 1")) {
      while (rows.next()) {
        sessions.put(rows.getString(1), rows.getDouble(2));
      }
    }
    return sessions;
  }

  private static List<Found> answer(PreparedStatement select, String session, double since)
      throws SQLException {
    List<Found> found = new ArrayList<>();
    select.setString(1, session);
    select.setDouble(2, since);
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        found.add(new Found(rows.getString(1), rows.getDouble(2)));
      }
    }
    return found;
  }
}

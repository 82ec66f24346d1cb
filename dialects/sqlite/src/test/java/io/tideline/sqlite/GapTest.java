package io.tideline.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.policy.Pace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GapTest {
  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void fill() throws Exception {
    path = folder.resolve("app.db");
    execute("PRAGMA journal_mode=WAL; CREATE TABLE t(id INTEGER PRIMARY KEY)");
  }

  private void execute(String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  @Test
  void endsWhereNobodyWrites() throws Exception {
    try (Session session = Session.openReading(DatabaseFile.locate(path))) {
      Gap gap = new Gap(session);
      for (int i = 0; i < 3; i++) {
        assertThat(gap.await()).isFalse();
      }
    }
  }

  @Test
  void seesTheCommitsOfAnother() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
                  Statement statement = connection.createStatement()) {
                while (!ended.get()) {
                  statement.executeUpdate("INSERT INTO t DEFAULT VALUES");
                }
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    try (Session session = Session.openReading(DatabaseFile.locate(path))) {
      Gap gap = new Gap(session);
      boolean seen = false;
      while (!seen && writer.isAlive()) {
        seen = gap.await();
      }
      assertThat(seen).isTrue();
    } finally {
      ended.set(true);
      writer.join();
    }
  }

  @Test
  void doesNotTakeItsOwnCommitForAnothers() throws Exception {
    try (Session session = Session.openWriting(DatabaseFile.locate(path), Pace.GENTLE)) {
      Gap gap = new Gap(session);
      for (int i = 0; i < 3; i++) {
        session.execute("INSERT INTO t DEFAULT VALUES");
        assertThat(gap.await()).isFalse();
      }
    }
  }
}

package io.tideline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultsTest {
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir Path folder;

  @Test
  void aStepFailsTheNthTimeOnly() {
    FailingAt listener = new FailingAt(Step.SEALED, 2);
    listener.stepped(Step.SEALED);
    listener.stepped(Step.CLOSED);
    assertThat(listener.happened()).isFalse();
    assertThatThrownBy(() -> listener.stepped(Step.SEALED))
        .isInstanceOf(FailingAt.Failure.class)
        .hasMessage("sealed for the 2. time");
    listener.stepped(Step.SEALED);
    assertThat(listener.happened()).isTrue();
  }

  @Test
  void aKillEndsAJvmAtOnce() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Killed.class.getName())
            .start();
    assertThat(process.waitFor()).isEqualTo(KillAt.EXIT);
    assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("1\n");
  }

  /** Is killed before its second line and before its shutdown hook. */
  static final class Killed {
    private Killed() {}

    public static void main(String[] arguments) {
      RunListener listener = new KillAt(Step.SEALED, 2);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
      for (int i = 1; i < 4; i++) {
        listener.stepped(Step.CLOSED);
        listener.stepped(Step.SEALED);
        System.out.println(i);
      }
    }
  }

  @Test
  void theClockStandsUntilItIsSet() {
    SettableClock clock = new SettableClock(NOW);
    clock.advance(Duration.ofHours(1));
    assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(3600));
    clock.set(NOW);
    assertThat(clock.withZone(ZoneId.of("Asia/Tokyo")).instant()).isEqualTo(NOW);
  }

  @Test
  void aDiskIsReallyFull() throws IOException {
    Path mountPoint = Files.createDirectory(folder.resolve("disk"));
    try (FullDisk disk = FullDisk.mount(mountPoint, 1024)) {
      disk.fillBut(64 * 1024);
      assertThat(disk.free()).isBetween(60L * 1024, 64L * 1024);
      Path file = disk.folder().resolve("file");
      assertThatThrownBy(() -> Files.write(file, new byte[100_000]))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
      disk.empty();
      Files.write(file, new byte[100_000]);
    }
    assertThat(mountPoint).isEmptyDirectory();
  }

  @Test
  void settingsReachTheOtherJvmWhole() {
    Policy policy =
        Policy.of("p", "we\"ird")
            .time(
                new TimeColumn(
                    Optional.of("at"),
                    Optional.empty(),
                    TimeColumn.Format.ISO,
                    ZoneId.of("Europe/Berlin")))
            .retain(Duration.ofDays(3))
            .action(Action.MOVE)
            .format("jsonl")
            .where("a = 'ä'")
            .keepIf("b")
            .keepLatest(new KeepLatest(List.of(new KeepLatest.Part("x + 1", true)), 2))
            .maxValue(7)
            .archiveTable("old")
            .dependents(
                List.of(
                    Dependent.of("u"),
                    new Dependent("v", List.of("a", "b.c"), Dependent.OnRoot.DETACH)))
            .maxTree(5)
            .stepwise(true)
            .build();
    Policy plain = Policy.of("q", "t").build();
    Settings settings =
        Settings.of("sqlite:/tmp/x.db", folder, List.of(policy, plain))
            .withPace(Pace.OFFLINE)
            .withReferences(
                List.of(new Reference("u", List.of("a", "b"), "s.t", List.of("c", "d"))));
    Properties properties = new Properties();
    SettingsText.write(settings, properties);
    assertThat(SettingsText.read(properties)).isEqualTo(settings);
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void trafficKnowsWhatItDid(Product product) throws InterruptedException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RandomTable table = RandomTable.any(product, random);
    try (TestDatabase database = product.create(folder)) {
      database.execute(table.ddl());
      RandomRows rows = new RandomRows(table, NOW.minus(Duration.ofDays(30)), NOW, random);
      List<String> tags = rows.insert(database, 100).stream().map(RandomRow::tag).toList();
      Map<String, String> before = database.dumpBy(table.name(), "tag");
      Traffic traffic = Traffic.start(database, table, rows, tags, seed);
      while (traffic.commits() < 100) {
        Thread.sleep(5);
      }
      traffic.close();
      before.keySet().removeAll(traffic.deleted());
      before.putAll(traffic.last());
      assertThat(database.dumpBy(table.name(), "tag"))
          .as("seed %d, %s", seed, table)
          .isEqualTo(before);
      assertThat(traffic.deleted()).isNotEmpty();
    }
  }

  @Test
  void aConnectionBreaksBeforeTheCommitOrAfterIt() throws SQLException {
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase();
        TcpProxy proxy = new TcpProxy(database.port())) {
      database.execute("CREATE TABLE t (a int)");

      proxy.cutBefore("COMMIT", 2);
      insert(database, proxy, 1);
      assertThatThrownBy(() -> insert(database, proxy, 2)).isInstanceOf(SQLException.class);
      assertThat(proxy.sprung()).isTrue();
      assertThat(database.query("SELECT a FROM t ORDER BY a")).containsExactly("1");

      proxy.loseAnswerTo("COMMIT", 1);
      assertThatThrownBy(() -> insert(database, proxy, 3)).isInstanceOf(SQLException.class);
      assertThat(database.query("SELECT a FROM t ORDER BY a")).containsExactly("1", "3");

      proxy.refuse(true);
      assertThatThrownBy(() -> insert(database, proxy, 4)).isInstanceOf(SQLException.class);
      proxy.refuse(false);
      proxy.delay(Duration.ofMillis(1));
      insert(database, proxy, 5);
      assertThat(database.count("t")).isEqualTo(3);
    }
  }

  private static void insert(PostgresTestDatabase database, TcpProxy proxy, int value)
      throws SQLException {
    String url =
        database.url(proxy.port()).replaceFirst("^postgresql://[^@]*@", "jdbc:postgresql://");
    try (Connection connection = DriverManager.getConnection(url, "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("INSERT INTO t VALUES (" + value + ")");
      connection.commit();
    }
  }
}

package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Reference;
import io.tideline.policy.Require;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigFileTest {
  private static final String WHOLE =
      """
      # yaml-language-server: $schema=.tideline/tideline.schema.json
      version: 1
      database: sqlite:data/store.db?mode=rw
      archive: ./archive
      state: ~/state
      floor: 7d
      pace: offline
      policies:
        request-logs:
          table: request_logs
          time: {column: requested_at, format: epoch-ms, zone: Europe/Berlin}
          retain: ${LOGS_DAYS:-off}
          action: move
          archive_table: old_logs
          format: jsonl
          where: "status <> 'pinned'"
          keep_if: "legal_hold"
          keep_latest: {per: [account_id, {sql: lower(window)}], rows: 3}
          max_value: 1MB
          floor: 2w
        by-key:
          table: accounts
        expression:
          table: t
          time: {sql: "datetime(a, b)"}
          retain: 12w
          keep_latest: {per: account_id}
      """;

  @TempDir Path dir;

  @Test
  void readsEveryKey() throws IOException {
    Settings settings = load(WHOLE, Map.of("HOME", "/home/me", "LOGS_DAYS", "30"));

    assertThat(settings.database().secret())
        .isEqualTo("sqlite:" + dir.resolve("data/store.db") + "?mode=rw");
    assertThat(settings.archive()).isEqualTo(dir.resolve("archive"));
    assertThat(settings.state()).isEqualTo(Path.of("/home/me/state"));
    assertThat(settings.floor()).contains(Duration.ofDays(7));
    assertThat(settings.pace()).isEqualTo(Pace.OFFLINE);
    assertThat(settings.policies())
        .extracting(Policy::name)
        .containsExactly("request-logs", "by-key", "expression");
    Policy logs = settings.policies().get(0);
    assertThat(logs.retain()).contains(Duration.ofDays(30));
    assertThat(logs.floor()).contains(Duration.ofDays(14));
    assertThat(logs.action()).isEqualTo(Action.MOVE);
    assertThat(logs.format()).isEqualTo("jsonl");
    assertThat(logs.archiveTable()).contains("old_logs");
    assertThat(logs.maxValue()).isEqualTo(1 << 20);
    assertThat(logs.where().orElseThrow().sql()).isEqualTo("status <> 'pinned'");
    assertThat(logs.keepIf().orElseThrow().sql()).isEqualTo("legal_hold");
    assertThat(logs.keepLatest())
        .contains(
            new KeepLatest(
                List.of(
                    new KeepLatest.Part("account_id", false),
                    new KeepLatest.Part("lower(window)", true)),
                3));
    TimeColumn time = logs.time().orElseThrow();
    assertThat(time.column()).contains("requested_at");
    assertThat(time.format()).isEqualTo(TimeColumn.Format.EPOCH_MS);
    assertThat(time.zone()).isEqualTo(ZoneId.of("Europe/Berlin"));
  }

  @Test
  void theGuardsOfAPolicyAddToThoseOfTheTopAndOverrideThem() throws IOException {
    Settings settings =
        load(
            """
            version: 1
            database: a.db
            archive: a
            require:
              backup: 24h
              free_disk: 2GB
              none: "SELECT 1 FROM runs WHERE status = 'running'"
            policies:
              plain: {table: t}
              own: {table: t, require: {max_eligible: 12.5%, backup: off, free_disk: 1MB}}
            """,
            Map.of());

    Require top = settings.termsOf("plain").require();
    assertThat(top.backup()).contains(Duration.ofHours(24));
    assertThat(top.freeDisk()).contains(2L << 30);
    assertThat(top.maxEligible()).isEmpty();
    assertThat(top.none()).contains("SELECT 1 FROM runs WHERE status = 'running'");
    assertThat(settings.terms().require()).isEqualTo(top);
    assertThat(settings.termsOf("own").require())
        .isEqualTo(
            new Require(Optional.empty(), Optional.of(1L << 20), Optional.of(0.125), top.none()));
  }

  @Test
  void readsWhatGoesWithARow() throws IOException {
    String text =
        """
        version: 1
        database: a.db
        archive: a
        policies:
          runs:
            table: runs
            dependents:
              - rows
              - {table: audit.tokens}
              - {table: states, via: [token_id, run_id], on: detach}
              - {table: states, via: batch_id, on: keep}
            max_tree: ${TREE:-500}
            large_trees: stepwise
          none:
            table: other
            dependents:
        references:
          - "notes( run , seq )->audit.runs(id, seq)"
          - {table: files, columns: hash, to: blobs, to_columns: [sha]}
        """;

    Settings settings = load(text, Map.of());

    Policy runs = settings.policies().get(0);
    assertThat(runs.dependents())
        .containsExactly(
            Dependent.of("rows"),
            Dependent.of("audit.tokens"),
            new Dependent("states", List.of("token_id", "run_id"), Dependent.OnRoot.DETACH),
            new Dependent("states", List.of("batch_id"), Dependent.OnRoot.KEEP));
    assertThat(runs.maxTree()).isEqualTo(500);
    assertThat(runs.stepwise()).isTrue();
    assertThat(settings.policies().get(1)).isEqualTo(Policy.of("none", "other").build());
    assertThat(settings.references())
        .containsExactly(
            new Reference("notes", List.of("run", "seq"), "audit.runs", List.of("id", "seq")),
            new Reference("files", List.of("hash"), "blobs", List.of("sha")));
  }

  @Test
  void leavesThePoliciesOffThatSayNothing() throws IOException {
    Settings settings = load(WHOLE, Map.of());

    assertThat(settings.policies().get(0).retain()).isEmpty();
    assertThat(settings.policies().get(1)).isEqualTo(Policy.of("by-key", "accounts").build());
    assertThat(settings.policies().get(2).keepLatest().orElseThrow().rows()).isEqualTo(1);
  }

  @Test
  void hasDefaultsForEverythingButTheNeeded() throws IOException {
    Settings settings = load("version: 1\ndatabase: store.db\narchive: a\npolicies:\n", Map.of());

    assertThat(settings.database().secret()).isEqualTo("sqlite:" + dir.resolve("store.db"));
    assertThat(settings.state()).isEqualTo(dir.resolve(".tideline/t"));
    assertThat(settings.pace()).isEqualTo(Pace.GENTLE);
    assertThat(settings.floor()).isEmpty();
    assertThat(settings.policies()).isEmpty();
  }

  /** Several files of a folder do not share what is remembered of their databases. */
  @Test
  void keepsTheStateOfTheUsualFileInTheUsualPlace() throws IOException {
    Path file =
        Files.writeString(
            dir.resolve("tideline.yaml"), "version: 1\ndatabase: s.db\narchive: a\npolicies:\n");
    Settings settings = ConfigFile.load(file, Map.of()).settings();
    assertThat(settings.state()).isEqualTo(dir.resolve(".tideline"));
  }

  @Test
  void takesSecretsFromFiles() throws IOException {
    Files.writeString(dir.resolve("password"), "s3cret\n");
    String text =
        """
        version: 1
        database: postgresql://me:${file:password}@localhost:5432/app
        archive: a$${x}
        """;

    Settings settings = load(text, Map.of());

    assertThat(settings.database().secret()).contains("me:s3cret@");
    assertThat(settings.database().toString()).doesNotContain("s3cret");
    assertThat(settings.archive()).isEqualTo(dir.resolve("a${x}"));
  }

  @Test
  void neverShowsWhatAVariableHolds() {
    String text =
        """
        version: ${SECRET}
        database: a.db
        archive: a
        pace: ${SECRET}
        policies:
          p:
            table: t
            time: {column: c, zone: "${SECRET}"}
            retain: ${SECRET}
            where: "x = '${SECRET}"
            max_value: ${SECRET}
            keep_latest: {per: [a], rows: "${SECRET}"}
            dependents: [t, {table: u, on: "${SECRET}"}, "${SECRET}", "${SECRET}"]
            max_tree: ${SECRET}
            large_trees: ${SECRET}
        references: ["${SECRET}"]
        """;

    assertThatThrownBy(() -> load(text, Map.of("SECRET", "hunter2")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("13 problems")
        .hasMessageContaining("${SECRET}")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void allowsAnchorsAndAliases() throws IOException {
    String text =
        """
        version: 1
        database: a.db
        archive: a
        policies:
          one: &one {table: t, time: c, retain: &days 30}
          two: {table: u, time: c, retain: *days}
          three: *one
        """;

    assertThat(load(text, Map.of()).policies())
        .allSatisfy(p -> assertThat(p.retain()).contains(Duration.ofDays(30)));
  }

  @Test
  void callsOnlyRetentionsBelowAFloorForbidden() {
    String text =
        """
        version: 1
        database: a.db
        archive: a
        floor: 7d
        policies:
          a: {table: t, time: c, retain: 6d}
          b: {table: u, time: c, retain: 12h, floor: 2d}
          c: {table: u, time: c, retain: 8d, floor: 9d}
          d: {table: u, time: c, retain: 7d}
        """;

    assertThatThrownBy(() -> load(text, Map.of()))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FLOOR))
        .hasMessageContaining("6:34  'retain' of policy 'a' ('6d') is below the floor of 7d.")
        .hasMessageContaining("7:34  'retain' of policy 'b' ('12h') is below the floor of 7d.")
        .hasMessageContaining("8:34  'retain' of policy 'c' ('8d') is below the floor of 9d.")
        .hasMessageNotContaining("policy 'd'");
  }

  @Test
  void saysWhatIsWrongWithAFileItCannotRead() throws IOException {
    Path latin = Files.write(dir.resolve("latin.yaml"), new byte[] {'a', (byte) 0xe9});

    assertThatThrownBy(() -> ConfigFile.load(dir.resolve("none.yaml"), Map.of()))
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_MISSING))
        .hasMessageContaining("none.yaml: it does not exist.")
        .hasMessageContaining("tideline init DATABASE");
    assertThatThrownBy(() -> ConfigFile.load(dir, Map.of())).hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> ConfigFile.load(latin, Map.of())).hasMessageContaining("not UTF-8");
  }

  @Test
  void findsTheFileByWalkingUp() throws IOException {
    Path deep = Files.createDirectories(dir.resolve("x/y"));
    assertThat(ConfigFile.find(deep)).isEmpty();
    Path file = Files.writeString(dir.resolve("tideline.yaml"), WHOLE);

    assertThat(ConfigFile.find(deep)).contains(file);
  }

  private Settings load(String text, Map<String, String> env) throws IOException {
    Path file = Files.writeString(dir.resolve("t.yaml"), text);
    ConfigFile config = ConfigFile.load(file, env);
    assertThat(config.path()).isEqualTo(file);
    return config.settings();
  }
}

package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.config.ConfigFile;
import io.tideline.plan.Proposal;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What init writes is a configuration that Tideline reads. */
final class ConfigTextTest {
  private static final Instant NOW = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path dir;

  @Test
  void readsBackWithEveryPolicyOff() {
    List<Proposal> proposals =
        List.of(
            proposal("request_logs", "requested_at"),
            proposal("request-logs", "odd 'name'"),
            proposal("null", "${x}"));
    Settings settings = written("./data/store.db", proposals, Map.of());

    assertThat(settings.database().secret()).isEqualTo("sqlite:" + dir.resolve("data/store.db"));
    assertThat(settings.archive()).isEqualTo(dir.resolve("archive"));
    assertThat(settings.policies())
        .extracting(Policy::name)
        .containsExactly("request-logs", "request-logs-2", "null");
    assertThat(settings.policies())
        .extracting(Policy::table)
        .containsExactly("request_logs", "request-logs", "null");
    assertThat(settings.policies().get(1).time().orElseThrow().column()).contains("odd 'name'");
    assertThat(settings.policies().get(2).time().orElseThrow().column()).contains("${x}");
    assertThat(settings.policies()).allSatisfy(p -> assertThat(p.retain()).isEmpty());
  }

  @Test
  void commentsWhatIsKnown() {
    assertThat(text("store.db", List.of(proposal("t", "c"))))
        .startsWith("# yaml-language-server: $schema=.tideline/tideline.schema.json\n")
        .contains(
            "  # 1,234 rows, 4.9 KB; times from 2026-04-02 10:00:00Z (30 d ago) to 2026-05-01"
                + " 10:00:00Z; written as iso-space, UTC\n"
                + "  # other times: updated_at\n"
                + "  # note: no index on c\n"
                + "  t:\n    table: t\n    time: c\n    retain: off ");
  }

  @Test
  void neverWritesAPassword() {
    String typed = "postgresql://me:hunter2@localhost:5432/app";

    assertThat(text(typed, List.of()))
        .doesNotContain("hunter2")
        .contains("postgresql://me:${TIDELINE_DB_PASSWORD}@localhost:5432/app");
    assertThat(ConfigText.passwordVariable(typed)).contains("TIDELINE_DB_PASSWORD");
    assertThat(written(typed, List.of(), Map.of("TIDELINE_DB_PASSWORD", "hunter2")).database())
        .extracting(url -> url.secret())
        .isEqualTo(typed);
    assertThat(ConfigText.passwordVariable("postgresql://me:${PW}@localhost/app")).isEmpty();
  }

  private Settings written(String typed, List<Proposal> proposals, Map<String, String> env) {
    Path file = dir.resolve("tideline.yaml");
    InitCommand.write(file, text(typed, proposals));
    assertThat(dir.resolve(".tideline/tideline.schema.json")).hasContent(ConfigFile.schema());
    return ConfigFile.load(file, env).settings();
  }

  private String text(String typed, List<Proposal> proposals) {
    return new ConfigText(
            dir.resolve("tideline.yaml"), typed, ConfigFile.databaseUrl(typed, dir, Map.of()), NOW)
        .of(proposals);
  }

  private static Proposal proposal(String table, String time) {
    return new Proposal(
        table,
        time,
        List.of("updated_at"),
        new TimeEncoding(TimeEncoding.Shape.ISO_SPACE, "", ZoneOffset.UTC),
        1234,
        5000,
        Optional.of(Instant.parse("2026-04-02T10:00:00Z")),
        Optional.of(Instant.parse("2026-05-01T10:00:00Z")),
        List.of("no index on " + time),
        List.of());
  }
}

package io.tideline.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tideline.schedule.Job;
import io.tideline.schedule.Notice;
import io.tideline.schedule.Occasion;
import io.tideline.schedule.Schedule;
import io.tideline.schedule.Timetable;
import io.tideline.schedule.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimetableTest {
  private static final String HEAD =
      """
      version: 1
      database: ./store.db
      archive: ./archive
      """;
  private static final String POLICIES =
      """
      policies:
        logs: {table: logs, time: at, retain: 30d}
        off: {table: other, time: at}
      """;

  @TempDir Path folder;

  private Timetable read(String text) throws IOException {
    Path file = folder.resolve("tideline.yaml");
    Files.writeString(file, HEAD + text);
    return ConfigFile.load(file, Map.of("TOKEN", "s3cret", "HOOK", "https://h.example/s3cret"))
        .timetable();
  }

  private List<String> problems(String text) {
    return catchThrowableOfType(ConfigException.class, () -> read(text)).problems().stream()
        .map(Problem::display)
        .toList();
  }

  @Test
  void isEmptyWithoutSchedules() throws IOException {
    assertThat(read(POLICIES)).isEqualTo(Timetable.NONE);
  }

  @Test
  void givesTheFilesScheduleToPoliciesThatAreOn() throws IOException {
    Timetable read = read("cron: 0 3 * * *\ntimezone: Europe/Berlin\njitter: 5m\n" + POLICIES);

    Timing nightly = new Timing.Cron("0 3 * * *", ZoneId.of("Europe/Berlin"));
    assertThat(read.policies())
        .containsExactly(Map.entry("logs", new Schedule(nightly, Duration.ofMinutes(5))));
  }

  @Test
  void letsAPolicySayOtherwise() throws IOException {
    Timetable read =
        read(
            """
            every: 6h
            jitter: 5m
            alarm_after: 4d
            policies:
              a: {table: a, time: at, retain: 30d, every: 90s, jitter: 'off', alarm_after: 7d}
              b: {table: b, time: at, retain: 30d, every: 'off'}
              c: {table: c, time: at, retain: 30d, cron: '5 4 * * 0', timezone: Asia/Tokyo}
              d: {table: d, time: at, retain: 30d}
            """);

    assertThat(read.policies().keySet()).containsExactly("a", "c", "d");
    assertThat(read.policies().get("a"))
        .isEqualTo(Schedule.of(new Timing.Every(Duration.ofSeconds(90))));
    assertThat(read.policies().get("c").timing())
        .isEqualTo(new Timing.Cron("5 4 * * 0", ZoneId.of("Asia/Tokyo")));
    assertThat(read.policies().get("d").jitter()).isEqualTo(Duration.ofMinutes(5));
    assertThat(read.alarmAfter("a")).contains(Duration.ofDays(7));
    assertThat(read.alarmAfter("d")).contains(Duration.ofDays(4));
  }

  @Test
  void readsJobs() throws IOException {
    Timetable read =
        read(
            "every: 1d\n"
                + POLICIES
                + """
                jobs:
                  check: {command: verify, cron: '0 5 * * 0'}
                  files: {command: [payloads, sweep], after: logs}
                """);

    assertThat(read.jobs())
        .containsExactly(
            new Job(
                "check",
                List.of("verify"),
                Optional.of(Schedule.of(new Timing.Cron("0 5 * * 0", ZoneOffset.UTC))),
                Optional.empty()),
            new Job("files", List.of("payloads", "sweep"), Optional.empty(), Optional.of("logs")));
  }

  @Test
  void readsWhoIsToldAndHidesSecrets() throws IOException {
    Timetable read =
        read(
            """
            notify:
              - {on: [finish, failure], command: [/usr/bin/tell, --quietly]}
              - on: alarm
                webhook: ${HOOK}
                headers: {Authorization: 'Bearer ${TOKEN}'}
            """);

    assertThat(read.notices().get(0).on()).isEqualTo(Set.of(Occasion.FINISH, Occasion.FAILURE));
    assertThat(read.notices().get(0).target())
        .isEqualTo(new Notice.Program(List.of("/usr/bin/tell", "--quietly")));
    assertThat(((Notice.Webhook) read.notices().get(1).target()).headers())
        .containsEntry("Authorization", "Bearer s3cret");
    assertThat(read.toString()).contains("webhook https://h.example").doesNotContain("s3cret");
  }

  @Test
  void tellsWhatIsWrongWithTimes() {
    assertThat(
            problems(
                """
                cron: 0 3 * *
                timezone: Europe/Berlim
                jitter: 25h
                alarm_after: soon
                policies:
                  a: {table: a, time: at, retain: 30d, every: 6h, cron: 0 3 * * *}
                  b: {table: b, time: at, retain: 30d, every: 5m, jitter: 5m}
                  c: {table: c, time: at, retain: 30d, evry: 5m, jitter: 5m}
                """))
        .anySatisfy(p -> assertThat(p).startsWith("4:7  Cannot use '0 3 * *' as a cron line: Cron"))
        .anySatisfy(p -> assertThat(p).startsWith("5:11").contains("Did you mean 'Europe/Berlin'?"))
        .anySatisfy(p -> assertThat(p).startsWith("6:9").contains("longer than a day"))
        .anySatisfy(p -> assertThat(p).startsWith("7:14  Cannot use 'soon' as 'alarm_after'"))
        .anySatisfy(p -> assertThat(p).startsWith("9:47").contains("and 'cron' both say when"))
        .anySatisfy(p -> assertThat(p).startsWith("10:").contains("not shorter than the interval"))
        .anySatisfy(p -> assertThat(p).startsWith("11:").contains("Did you mean 'every'?"))
        .anySatisfy(p -> assertThat(p).startsWith("11:").contains("needs a schedule beside it"));
  }

  @Test
  void tellsWhatIsWrongWithJobs() {
    assertThat(
            problems(
                "every: 1d\n"
                    + POLICIES
                    + """
                    jobs:
                      a: {command: verfy, every: 1d}
                      b: {command: restore --all, every: 1d}
                      c: {command: verify -c other.yaml, every: 1d}
                      d: {command: verify}
                      e: {command: verify, every: 1d, after: logs}
                      f: {command: verify, after: lgs}
                      g: {command: verify, after: off}
                      h: {command: verify, after: i}
                      i: {command: verify, after: h}
                      logs: {command: verify, every: 1d}
                    """))
        .anySatisfy(p -> assertThat(p).startsWith("9:16").contains("Did you mean 'verify'?"))
        .anySatisfy(p -> assertThat(p).startsWith("10:").contains("cannot be 'restore --all'"))
        .anySatisfy(p -> assertThat(p).startsWith("11:").contains("Leave -c out"))
        .anySatisfy(p -> assertThat(p).startsWith("12:").contains("Job 'd' never runs."))
        .anySatisfy(p -> assertThat(p).startsWith("13:").contains("has a time and 'after'"))
        .anySatisfy(p -> assertThat(p).startsWith("14:").contains("Did you mean logs?"))
        .anySatisfy(p -> assertThat(p).startsWith("15:").contains("which never runs by itself"))
        .anySatisfy(p -> assertThat(p).startsWith("16:").contains("Job 'h' follows itself."))
        .anySatisfy(p -> assertThat(p).startsWith("18:").contains("A policy is named 'logs'"));
  }

  @Test
  void tellsWhatIsWrongWithNoticesWithoutSecrets() {
    List<String> problems =
        problems(
            """
            notify:
              - {on: [finsh], command: x}
              - {on: finish}
              - {on: finish, command: x, webhook: 'https://x'}
              - {on: finish, command: [x, '${TOKEN}']}
              - {on: finish, webhook: 'ftp://${TOKEN}/x'}
              - {on: finish, webhook: 'https://x/', headers: {Host: x}}
            """);

    assertThat(problems)
        .anySatisfy(p -> assertThat(p).startsWith("5:").contains("Did you mean 'finish'?"))
        .anySatisfy(p -> assertThat(p).startsWith("6:").contains("needs 'command' or 'webhook'"))
        .anySatisfy(p -> assertThat(p).startsWith("7:").contains("and not both"))
        .anySatisfy(p -> assertThat(p).startsWith("8:").contains("cannot hold variables"))
        .anySatisfy(p -> assertThat(p).startsWith("9:").contains("no address of a web server"))
        .anySatisfy(p -> assertThat(p).startsWith("10:").contains("'Host' cannot be sent"))
        .noneSatisfy(p -> assertThat(p).contains("s3cret"));
  }
}

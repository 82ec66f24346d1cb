package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tideline.cli.output.Json;
import io.tideline.cli.output.Style;
import io.tideline.dialect.DatabaseSize;
import io.tideline.error.ExitCode;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import io.tideline.policy.Action;
import io.tideline.run.PolicyReport;
import io.tideline.run.RestoreReport;
import io.tideline.run.RunReport;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ReportsTest {
  private static final Instant START = Instant.parse("2026-05-02T10:00:00Z");

  @TempDir Path dir;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

  @Test
  void printsWhatARunDid() {
    new RunPrinter(out, new Style(false)).print(run(), Duration.ofSeconds(10));

    assertThat(text())
        .isEqualTo(
            """

            Done, but rows were left against the request; see below.  run 20260502-1
            Finished first what an earlier run left: 1 segment.
            POLICY  TABLE         ACTION   ARCHIVED  REMOVED   BYTES  SEGMENTS  ARCHIVE
            logs    request_logs  archive    12,345   12,340  1.9 MB         1   391 KB
            logs: 9 rows stay, fresh: not older than the cutoff
            logs: 5 rows stay, changed: changed after they were archived; the next run takes \
            them; for example key 4; 5
            Took 10 s (1,234 rows/s).
            Database before: 20.0 MB.
            Database after:  20.0 MB, of which 2.0 MB free inside.
            2.0 MB became free inside the file and will be used again; a VACUUM would return \
            2.0 MB to the disk.
            """);
    JsonObject document = Documents.run(run(), Duration.ofSeconds(10));
    assertThat(document.get("exit").getAsInt()).isEqualTo(3);
    assertThat(document.get("removed").getAsLong()).isEqualTo(12_340);
    JsonObject logs = document.getAsJsonArray("policies").get(0).getAsJsonObject();
    assertThat(logs.get("left").getAsLong()).isEqualTo(5);
  }

  @Test
  void printsWhatARestoreDid() {
    RestoreReport report =
        new RestoreReport(
            "r1",
            ExitCode.ROWS_LEFT,
            10,
            0,
            List.of(new RestoreReport.OfTable("t", 8, 2, 0, 1, 0, List.of("17"))),
            List.of("The column x is new; its default was taken."),
            Optional.of(START));

    new RestorePrinter(out, new Style(false)).print(report);

    assertThat(text())
        .isEqualTo(
            """
            Restored, but rows were left: 10 rows  restore r1
            TABLE  INSERTED  IDENTICAL  OVERWRITTEN  DIFFERENT  REFUSED  EXAMPLES
            t             8          2            0          1        0  17
            Note: The column x is new; its default was taken.
            Runs leave these rows alone until 2026-05-02 10:00:00Z; see 'tideline hold list'.
            """);
    assertThat(Json.tree(report).getAsJsonObject().get("held_until").getAsString())
        .isEqualTo("2026-05-02T10:00:00Z");
  }

  @Test
  void takesAColumnOutWithAnEmptyNewName() {
    RestoreCommand command =
        new RestoreCommand(new Shell(dir).terminal(bytes, new ByteArrayOutputStream()));

    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs("--map", "a=", "--map", "b=c");

    assertThat(command.map).isEqualTo(Map.of("a", "", "b", "c"));
  }

  @Test
  void namesThePartitionsThatWereDropped() {
    PolicyReport policy =
        new PolicyReport(
            "old",
            "events",
            Action.ARCHIVE,
            Optional.of(START),
            20,
            20,
            0,
            800,
            2,
            400,
            List.of(),
            List.of("events_01", "events_08"),
            "");
    RunReport plain = run();
    RunReport report =
        new RunReport(
            plain.run(),
            "run",
            plain.startedAt(),
            plain.finishedAt(),
            ExitCode.DONE,
            "",
            0,
            0,
            List.of(policy),
            plain.before(),
            plain.after());

    new RunPrinter(out, new Style(false)).print(report, Duration.ofSeconds(1));

    assertThat(text()).contains("old: dropped 2 partitions whole: events_01, events_08\n");
    assertThat(
            Documents.run(report, Duration.ofSeconds(1))
                .getAsJsonArray("policies")
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("partitions"))
        .hasSize(2);
  }

  private static RunReport run() {
    return new RunReport(
        "20260502-1",
        "run",
        START,
        START.plusSeconds(10),
        ExitCode.ROWS_LEFT,
        "",
        1,
        0,
        List.of(
            new PolicyReport(
                "logs",
                "request_logs",
                Action.ARCHIVE,
                Optional.of(START),
                12_345,
                12_340,
                0,
                2_000_000,
                1,
                400_000,
                List.of(
                    new Kept(Reason.FRESH, "", 9, List.of("1")),
                    new Kept(Reason.CHANGED, "", 5, List.of("4", "5"))))),
        new DatabaseSize(20 << 20, 0, 0),
        new DatabaseSize(20 << 20, 2 << 20, 0));
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

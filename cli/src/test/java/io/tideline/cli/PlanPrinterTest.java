package io.tideline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.tideline.catalogue.TableName;
import io.tideline.cli.output.Style;
import io.tideline.dialect.DatabaseInfo;
import io.tideline.plan.Finding;
import io.tideline.plan.Kept;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.Reason;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlanPrinterTest {
  private static final Instant NOW = Instant.parse("2026-05-02T10:00:00Z");

  private static final Policy USAGE =
      Policy.of("usage", "usage_history")
          .time("recorded_at")
          .retain(Duration.ofDays(7))
          .where("status <> 'pinned'")
          .keepLatest(new KeepLatest(List.of(new KeepLatest.Part("account_id", false)), 1))
          .build();

  @Test
  void printsABill() {
    assertThat(printed())
        .isEqualTo(
            """
            Plan for /data/store.db (SQLite 3.54.1)
            Now is 2026-05-02 10:00:00Z; nothing is changed by a plan.
            1 segment is in doubt: an earlier run or restore was interrupted. The next 'tideline run' finds \
            out what became of the rows; none is lost.

            usage  table usage_history
              cutoff       2026-04-25 10:00:00Z, rows older than 7d go
              times        iso-space, UTC
              goes         80,000 rows of 90,000, 7.6 MB: archived as parquet, verified, then deleted
              ages         2026-03-03 10:00:00Z to 2026-04-25 09:59:59Z (60 d to 7 d old)
              read by      idx_usage (SEARCH usage_history USING INDEX idx_usage)
              triggers     none
              takes about  3.0 s
              stays 10,000 rows:
                9,967  fresh        not older than the cutoff
                   33  keep-latest  the newest of each account_id; for example key 7; 8
              finding no-time-index: the whole table is read.
                mend: CREATE INDEX x ON y (z)

            logs  table request_logs
              off  'retain: off', nothing goes; 48,000 rows in the table

            POLICY  TABLE          ACTION   CUTOFF                ROWS THAT GO   BYTES  ROWS THAT STAY
            usage   usage_history  archive  2026-04-25 10:00:00Z        80,000  7.6 MB          10,000
            logs    request_logs   (off)    -                                0     0 B          48,000
            Total                                                       80,000  7.6 MB          58,000
            """);
  }

  @Test
  void namesEveryFieldInSnakeCase() {
    JsonObject document = Documents.plan(plan());

    assertThat(document.get("rows").getAsLong()).isEqualTo(80_000);
    assertThat(document.get("made_at").getAsString()).isEqualTo("2026-05-02T10:00:00Z");
    assertThat(document.get("estimate").getAsString()).isEqualTo("PT3S");
    JsonObject usage = document.getAsJsonArray("policies").get(0).getAsJsonObject();
    assertThat(usage.get("table").getAsString()).isEqualTo("usage_history");
    assertThat(usage.get("cutoff").getAsString()).isEqualTo("2026-04-25T10:00:00Z");
    assertThat(usage.get("access_path").getAsString()).isEqualTo("idx_usage");
    JsonObject policy = usage.getAsJsonObject("policy");
    assertThat(policy.get("retain").getAsString()).isEqualTo("PT168H");
    assertThat(policy.get("where").getAsString()).isEqualTo("status <> 'pinned'");
    assertThat(policy.get("keep_if").isJsonNull()).isTrue();
    assertThat(policy.get("action").getAsString()).isEqualTo("archive");
    JsonObject kept = usage.getAsJsonArray("kept").get(1).getAsJsonObject();
    assertThat(kept.get("reason").getAsString()).isEqualTo("keep-latest");
  }

  private static String printed() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    new PlanPrinter(out, new Style(false)).whole(plan());
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Plan plan() {
    PolicyPlan usage =
        new PolicyPlan(
            USAGE,
            true,
            new TableName("main", "usage_history"),
            "f",
            Optional.of(NOW.minus(Duration.ofDays(7))),
            Optional.of(new TimeEncoding(TimeEncoding.Shape.ISO_SPACE, "", ZoneOffset.UTC)),
            90_000,
            80_000,
            8_000_000,
            Optional.of(NOW.minus(Duration.ofDays(60))),
            Optional.of(NOW.minus(Duration.ofDays(7)).minusSeconds(1)),
            List.of(
                new Kept(Reason.FRESH, "", 9_967, List.of()),
                new Kept(Reason.KEEP_LATEST, "", 33, List.of("7", "8"))),
            List.of("recorded_at", "id"),
            Optional.empty(),
            "idx_usage",
            "SEARCH usage_history USING INDEX idx_usage",
            List.of(),
            Duration.ofSeconds(3),
            List.of(
                new Finding(
                    "no-time-index", "the whole table is read.", "CREATE INDEX x ON y (z)")),
            List.of());
    PolicyPlan logs =
        new PolicyPlan(
            Policy.of("logs", "request_logs").time("requested_at").build(),
            false,
            new TableName("main", "request_logs"),
            "f",
            Optional.empty(),
            Optional.empty(),
            48_000,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            "",
            "",
            List.of(),
            Duration.ZERO,
            List.of(),
            List.of());
    return new Plan(
        Plan.VERSION,
        NOW,
        NOW,
        new DatabaseInfo("sqlite", "SQLite 3.54.1", "/data/store.db", true, "", false),
        Optional.empty(),
        Selection.all(),
        "",
        "",
        List.of(usage, logs),
        List.of(),
        1);
  }
}

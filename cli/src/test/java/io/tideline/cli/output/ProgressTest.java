package io.tideline.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.policy.Strain;
import io.tideline.run.RunEvent;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ProgressTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private long nanos;

  @Test
  void printsAPlainLineEveryFiveSeconds() {
    Progress progress = new Progress(err, false, () -> nanos);
    progress.on(new RunEvent.Began("policy logs", 10_000));
    for (int second = 0; second < 10; second++) {
      nanos += TimeUnit.SECONDS.toNanos(1);
      progress.on(new RunEvent.Progressed(0, 500));
    }
    progress.close();

    assertThat(text())
        .isEqualTo(
            """
            policy logs  25 %  2,500/10,000 rows  500/s  ETA 15 s
            policy logs  50 %  5,000/10,000 rows  500/s  ETA 10 s
            """);
  }

  @Test
  void paintsABarOnATerminalAndTakesItAway() {
    Progress progress = new Progress(err, true, () -> nanos);
    progress.on(new RunEvent.Began("logs", 1_000));
    nanos += TimeUnit.SECONDS.toNanos(2);
    progress.on(new RunEvent.Progressed(1_000, 0));
    progress.on(new RunEvent.Progressed(0, 1));
    progress.on(new RunEvent.Noted("look"));
    progress.close();

    assertThat(text())
        .isEqualTo(
            "\r\u001B[Klogs  [############............]  50 %  500/1,000 rows  250/s  ETA 2.0 s"
                + "\r\u001B[Klook\n");
  }

  @Test
  void tellsWhyItWaits() {
    Progress progress = new Progress(err, false, () -> nanos);
    progress.on(new RunEvent.Began("logs", 0));
    nanos += TimeUnit.SECONDS.toNanos(6);
    progress.on(
        new RunEvent.Waited(
            new Strain(Strain.Cause.BUSY, "the database is busy"), Duration.ofSeconds(1)));

    assertThat(text()).contains("waiting: the database is busy");
  }

  private String text() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

package io.tideline.maintenance.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.catalogue.TableName;
import io.tideline.health.Finding;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index is called unused only when it was seen so for a week. */
final class IdleIndexesTest {
  private static final Instant START = Instant.parse("2026-10-01T06:00:00Z");

  @TempDir Path folder;

  private static IndexFacts index(String column, String expression) {
    return new IndexFacts(
        "i",
        new TableName("public", "t"),
        "btree",
        List.of(new IndexFacts.Part(column, expression, "", "", false, false)),
        List.of(),
        List.of(),
        "",
        false,
        false,
        false,
        true,
        false,
        OptionalLong.of(1L << 30),
        OptionalLong.of(0));
  }

  private Finding judged(int day, IndexFacts index, Optional<Instant> counted) {
    Instant now = START.plus(Duration.ofDays(day));
    Memory memory = new Memory(folder);
    IdleIndexes idle = new IdleIndexes(memory.of("a"), now);
    UseJudge judge =
        new UseJudge(Thresholds.USUAL, now, new IndexSurvey(List.of(index), counted, 0));
    List<Finding> found = judge.unused(List.of(), Set.of(), idle, each -> "DROP");
    memory.add(new Memory.Line(now, "a", 1, Map.of(), Optional.of(idle.seen())));
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void oneThatIsYoungerThanTheStatisticsIsWaitedFor() {
    IndexFacts index = index("v", "");
    Optional<Instant> longAgo = Optional.of(START.minus(Duration.ofDays(365)));
    Finding first = judged(0, index, longAgo);
    assertThat(first.severity()).isEqualTo(Severity.INFO);
    assertThat(first.basis())
        .isEqualTo("statistics since 2025-10-01, inspected for the first time");
    assertThat(judged(6, index, longAgo).severity()).isEqualTo(Severity.INFO);
    Finding known = judged(8, index, Optional.empty());
    assertThat(known.severity()).isEqualTo(Severity.WARNING);
    assertThat(known.basis()).isEqualTo("statistics of unknown age, inspected since 2026-10-01");
    Optional<Instant> reset = Optional.of(START.plus(Duration.ofDays(7)));
    assertThat(judged(9, index, reset).severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void oneThatWasReadMeanwhileBeginsAnew() {
    judged(0, index("v", ""), Optional.empty());
    new Memory(folder)
        .add(
            new Memory.Line(
                START.plus(Duration.ofDays(3)), "a", 1, Map.of(), Optional.of(Map.of())));
    assertThat(judged(9, index("v", ""), Optional.empty()).severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void oneThatWasReadWithinTheHourBeginsAnew() {
    judged(0, index("v", ""), Optional.empty());
    Memory memory = new Memory(folder);
    memory.add(
        new Memory.Line(
            START.plus(Duration.ofMinutes(10)), "a", 1, Map.of(), Optional.of(Map.of())));
    memory.add(new Memory.Line(START.plus(Duration.ofMinutes(20)), "a", 1, Map.of()));
    assertThat(memory.of("a")).extracting(Memory.Line::at).containsExactly(START);
    assertThat(judged(9, index("v", ""), Optional.empty()).severity()).isEqualTo(Severity.INFO);
  }

  @Test
  void oneOfAnExpressionServesThePlanner() {
    judged(0, index("", "lower(v)"), Optional.empty());
    Finding finding = judged(9, index("", "lower(v)"), Optional.empty());
    assertThat(finding.severity()).isEqualTo(Severity.INFO);
    assertThat(finding.remedies().get(0).note())
        .isEqualTo("the planner's statistics of its expression go with it");
  }

  @Test
  void linesOfOlderVersionsKnowNothingOfIt() throws Exception {
    String line =
        "{\"at\":\"2026-09-01T06:00:00Z\",\"database\":\"a\",\"bytes\":1,\"tables\":{}}\n";
    Files.writeString(
        folder.resolve("inspections.jsonl"),
        line,
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    assertThat(new Memory(folder).of("a")).hasSize(1);
    assertThat(judged(0, index("v", ""), Optional.empty()).severity()).isEqualTo(Severity.INFO);
  }
}

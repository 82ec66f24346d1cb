package io.tideline.maintenance.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class BenchTest {
  private static final Machine MACHINE = new Machine("Linux", "a processor", 2, "17");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-05-02T10:00:00Z"), ZoneOffset.UTC);

  private final SetTicker ticker = new SetTicker();

  private Bench bench(Load load, Target... targets) {
    return new Bench(List.of(targets), load, "test", MACHINE, CLOCK, ticker);
  }

  private Answer after(long millis) {
    ticker.pass(Duration.ofMillis(millis));
    return Answer.ok(3);
  }

  /** The first request of all is number 0; those that are measured begin with 1. */
  private SetTarget stallingOnceForASecond() {
    return new SetTarget("stalls", number -> after(number == 201 ? 1_000 : 1));
  }

  private static Round whole(BenchReport report) {
    return report.targets().get(0).whole().orElseThrow();
  }

  private static long slowerThan(Round round, Duration time) {
    Histogram histogram = Measured.decoded(round.histogram());
    return histogram.getTotalCount()
        - histogram.getCountBetweenValues(0, histogram.highestEquivalentValue(time.toNanos()));
  }

  @Test
  void aStallCountsForAllWhoWouldHaveComeMeanwhile() {
    Round round =
        whole(
            bench(Loads.open(100, Duration.ofSeconds(10), 1_000), stallingOnceForASecond())
                .run(BenchListener.NONE));

    assertThat(round.counts().ok()).isEqualTo(1_000);
    assertThat(round.counts().amount()).isEqualTo(3_000);
    // Due at 2,000 ms and answered at 3,000; each later one waits 9 ms less, until none waits.
    assertThat(slowerThan(round, Duration.ofMillis(101))).isEqualTo(100);
    assertThat(round.response().p99()).isBetween(Duration.ofMillis(909), Duration.ofMillis(920));
    assertThat(round.response().p50()).isLessThan(Duration.ofMillis(2));
    assertThat(round.service().p99()).isLessThan(Duration.ofMillis(2));
    assertThat(round.service().max()).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    assertThat(round.lag().max()).isBetween(Duration.ofMillis(990), Duration.ofMillis(991));
    assertThat(round.throughput()).isBetween(99.9, 100.1);
  }

  @Test
  void theSameStallCountsOnceWhereEachWaitsForItsAnswerAndThatIsSaid() {
    BenchReport report =
        bench(Loads.closed(Duration.ofSeconds(10)), stallingOnceForASecond())
            .run(BenchListener.NONE);

    assertThat(slowerThan(whole(report), Duration.ofMillis(101))).isEqualTo(1);
    assertThat(whole(report).response().p99()).isLessThan(Duration.ofMillis(2));
    assertThat(report.notes()).hasSize(1);
    assertThat(report.notes().get(0)).startsWith("Closed model: ").contains("give --rate");
  }

  @Test
  void timelineShowsWhenTheStallWas() {
    BenchReport report =
        bench(Loads.open(100, Duration.ofSeconds(6), 1_000), stallingOnceForASecond())
            .run(BenchListener.NONE);

    List<Slot> slots = report.targets().get(0).timeline();
    assertThat(slots).hasSize(60);
    assertThat(slots.stream().mapToLong(Slot::count).sum()).isEqualTo(600);
    assertThat(slots.get(19).max()).isLessThan(Duration.ofMillis(2));
    assertThat(slots.get(20).from()).isEqualTo(Duration.ofSeconds(2));
    assertThat(slots.get(20).max()).isGreaterThan(Duration.ofMillis(990));
  }

  @Test
  void whatWaitsTooLongIsShedAndCountsWithTheTimeThatItWaited() {
    BenchReport report =
        bench(
                Loads.open(100, Duration.ofSeconds(10), 50),
                new SetTarget("slow", number -> after(100)))
            .run(BenchListener.NONE);

    Counts counts = whole(report).counts();
    assertThat(counts.due()).isEqualTo(1_000);
    assertThat(counts.ok() + counts.shed()).isEqualTo(1_000);
    assertThat(counts.ok()).isBetween(100L, 106L);
    assertThat(counts.details()).containsEntry("shed", counts.shed());
    assertThat(whole(report).response().count()).isEqualTo(1_000);
    assertThat(whole(report).response().p50()).isGreaterThan(Duration.ofMillis(490));
    assertThat(whole(report).service().count()).isEqualTo(counts.ok());
    assertThat(report.notes().get(0))
        .startsWith("slow: the rate was not kept: ")
        .contains("more than 50 waited");
  }

  @Test
  void afterTheEndItWaitsForAnswersNoLongerThanATimeout() {
    BenchReport report =
        bench(
                Loads.open(100, Duration.ofSeconds(10), 10_000),
                new SetTarget("slow", number -> after(100)))
            .run(BenchListener.NONE);

    // 10 s of the round and 1 s more, at ten answers a second.
    assertThat(whole(report).counts().ok()).isBetween(110L, 111L);
    assertThat(whole(report).counts().due()).isEqualTo(1_000);
  }

  @Test
  void classesAreCountedApartAndQuickFailuresDoNotFlatter() {
    SetTarget target =
        new SetTarget(
            "mixed",
            number -> {
              after(10);
              return switch ((int) (number % 4)) {
                case 0 -> Answer.ok(1);
                case 1 -> Answer.error("http-503", false);
                case 2 -> Answer.timeout(true);
                default ->
                    Answer.of(
                        new TidelineException(ErrorCode.DATABASE_BUSY, "Cannot", "Not", "Mend"));
              };
            });

    BenchReport report =
        bench(Loads.open(10, Duration.ofSeconds(10), 10), target).run(BenchListener.NONE);

    Round round = whole(report);
    assertThat(round.counts().details())
        .isEqualTo(Map.of("ok", 25L, "http-503", 25L, "timeout", 25L, "database-busy", 25L));
    assertThat(round.counts().errors()).isEqualTo(25);
    assertThat(round.counts().timeouts()).isEqualTo(25);
    assertThat(round.counts().busy()).isEqualTo(25);
    assertThat(round.counts().failed()).isEqualTo(75);
    assertThat(round.response().count()).isEqualTo(50);
    assertThat(round.throughput()).isBetween(2.5, 2.6);
    // What is broken is opened anew, and everything is closed in the end.
    assertThat(target.opened.get()).isEqualTo(1 + 1 + 25);
    assertThat(target.closed.get()).isEqualTo(target.opened.get());
  }

  @Test
  void aTargetThatCannotBeOpenedAnewIsAnErrorOfEachRequest() {
    AtomicInteger opened = new AtomicInteger();
    SetTarget inner = new SetTarget("gone", number -> Answer.error("connection-lost", true));
    Target target =
        new Target() {
          @Override
          public String name() {
            return inner.name();
          }

          @Override
          public Map<String, String> identity() {
            return inner.identity();
          }

          @Override
          public String amounts() {
            return "rows";
          }

          @Override
          public Asker open() {
            if (opened.incrementAndGet() > 2) {
              throw new TidelineException(
                  ErrorCode.DATABASE_UNREACHABLE, "Cannot", "Nothing", "Mend");
            }
            return inner.open();
          }
        };

    BenchReport report =
        bench(Loads.open(10, Duration.ofSeconds(1), 10), target).run(BenchListener.NONE);

    assertThat(whole(report).counts().details())
        .isEqualTo(Map.of("connection-lost", 1L, "database-unreachable", 9L));
  }

  @Test
  void coldOpensForEachRequest() {
    SetTarget target = new SetTarget("cold", number -> after(1));
    Load load = Loads.load(Optional.of(10.0), 1, 1, Duration.ofSeconds(1), 10, true);

    BenchReport report = bench(load, target).run(BenchListener.NONE);

    assertThat(target.opened.get()).isEqualTo(11);
    assertThat(target.closed.get()).isEqualTo(11);
    assertThat(report.notes()).anySatisfy(note -> assertThat(note).startsWith("Cold: "));
  }

  @Test
  void roundsOfTargetsTakeTurnsAndWhatFirstIsAskedStandsApart() {
    List<String> asked = new ArrayList<>();
    SetTarget one =
        new SetTarget(
            "one",
            number -> {
              asked.add("one");
              return after(number == 0 ? 50 : 1);
            });
    SetTarget two =
        new SetTarget(
            "two",
            number -> {
              asked.add("two");
              return after(1);
            });
    Load load = Loads.load(Optional.of(1.0), 1, 3, Duration.ofSeconds(1), 10, false);

    BenchReport report = bench(load, one, two).run(BenchListener.NONE);

    assertThat(asked).containsExactly("one", "two", "one", "two", "two", "one", "one", "two");
    assertThat(report.targets()).extracting(TargetReport::name).containsExactly("one", "two");
    TargetReport first = report.targets().get(0);
    assertThat(first.first()).contains(new First(Duration.ofMillis(50), "ok"));
    assertThat(first.rounds()).hasSize(3);
    assertThat(first.whole().orElseThrow().counts().ok()).isEqualTo(3);
    assertThat(first.whole().orElseThrow().response().max()).isLessThan(Duration.ofMillis(2));
    assertThat(report.at()).isEqualTo(CLOCK.instant());
  }

  @Test
  void beforeDuringAndAfterAreComparedAndDuringLastsAsLongAsTheOther() {
    AtomicInteger left = new AtomicInteger(-1);
    Beside beside =
        new Beside() {
          @Override
          public void begin() {
            left.set(70);
          }

          @Override
          public boolean goesOn() {
            return left.get() > 0;
          }
        };
    SetTarget target = new SetTarget("beside", number -> after(left.getAndDecrement() > 0 ? 8 : 2));
    Load load = Loads.load(Optional.of(10.0), 1, 5, Duration.ofSeconds(1), 10, false);

    BenchReport report = bench(load, target).during(beside, BenchListener.NONE);

    assertThat(report.targets())
        .extracting(TargetReport::phase)
        .containsExactly("before", "during", "after");
    assertThat(report.targets())
        .extracting(each -> each.whole().orElseThrow().counts().ok())
        .containsExactly(50L, 70L, 50L);
    Comparison comparison = report.comparison().orElseThrow();
    assertThat(comparison.with()).isEqualTo("before");
    assertThat(comparison.figures().get(0).verdict()).isEqualTo(Comparison.Verdict.WORSE);
    assertThat(comparison.figures().get(0).change()).isBetween(2.9, 3.1);
  }

  @Test
  void endsWithTheFiguresSoFar() {
    AtomicReference<Bench> running = new AtomicReference<>();
    SetTarget target =
        new SetTarget(
            "stopped",
            number -> {
              if (number == 25) {
                running.get().stop();
              }
              return after(1);
            });
    Load load = Loads.load(Optional.of(10.0), 1, 5, Duration.ofSeconds(1), 10, false);
    running.set(bench(load, target));

    BenchReport report = running.get().run(BenchListener.NONE);

    assertThat(report.stopped()).isTrue();
    assertThat(report.targets().get(0).rounds()).hasSize(3);
    assertThat(whole(report).counts().ok()).isEqualTo(25);
  }

  @Test
  void aDefectOfAWorkerEndsIt() {
    SetTarget target =
        new SetTarget(
            "broken",
            number -> {
              if (number == 5) {
                throw new IllegalStateException("Cannot be");
              }
              return after(1);
            });

    assertThatThrownBy(
            () -> bench(Loads.open(10, Duration.ofSeconds(1), 10), target).run(BenchListener.NONE))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Cannot be");
    assertThat(target.closed.get()).isEqualTo(target.opened.get());
  }

  @Test
  void aLoadBeyondItsBoundsIsRefused() {
    assertThatThrownBy(() -> Loads.open(200_000, Duration.ofSeconds(1), 10))
        .hasMessage(
            "Cannot use 200000 as a rate. Nothing was asked. Take a number from 0.001 to 100000.");
    assertThatThrownBy(() -> Loads.load(Optional.empty(), 0, 1, Duration.ofSeconds(1), 1, false))
        .hasMessageContaining("Cannot use 0 as a concurrency.");
    assertThatThrownBy(() -> Loads.closed(Duration.ofDays(2)))
        .hasMessageContaining("Cannot use 172800 as seconds of a round.");
  }
}

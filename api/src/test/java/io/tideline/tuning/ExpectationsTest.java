package io.tideline.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.tuning.PlanNode.Kind;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpectationsTest {
  private static final PlanNode SEEK =
      PlanNode.of(Kind.INDEX_SEARCH, "seek").on("public.logs").by("logs_at", false);

  @Test
  void aSeekMeetsThemAll() {
    Expectations all =
        new Expectations(List.of("LOGS_AT"), true, List.of(), true, Optional.of(2.0));

    assertThat(all.judge(plan(SEEK), Optional.of(new Work(20, 10, true, "counted")))).isEmpty();
  }

  @Test
  void anotherIndexIsABreachThatNamesTheCulprit() {
    Expectations uses = new Expectations(List.of("logs_user"), false, List.of(), false, none());

    assertThat(uses.judge(plan(SEEK)))
        .containsExactly(
            new Breach(
                Breach.Rule.USES_INDEX,
                "It does not use the index logs_user; it uses logs_at.",
                "seek"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"FULL_SCAN", "WHOLE_INDEX", "AUTOMATIC_INDEX"})
  void readingAllIsAFullScanHoweverItIsDone(Kind kind) {
    PlanNode scan = PlanNode.of(kind, "scan").on("public.logs").by("logs_at", true);
    PlanNode join = PlanNode.of(Kind.OTHER, "join").over(List.of(SEEK, scan));

    assertThat(scanless(List.of()).judge(plan(join)))
        .singleElement()
        .satisfies(
            breach -> {
              assertThat(breach.culprit()).isEqualTo("scan");
              assertThat(breach.why()).contains("public.logs");
            });
    assertThat(scanless(List.of("LOGS")).judge(plan(join))).isEmpty();
    assertThat(scanless(List.of("other.logs", "log")).judge(plan(join))).hasSize(1);
  }

  @Test
  void aSortIsOnlyABreachWhereNoneIsWanted() {
    PlanNode sort = PlanNode.of(Kind.SORT, "sort").over(List.of(SEEK));

    assertThat(scanless(List.of()).judge(plan(sort))).isEmpty();
    assertThat(new Expectations(List.of(), false, List.of(), true, none()).judge(plan(sort)))
        .extracting(Breach::rule)
        .containsExactly(Breach.Rule.NO_SORT);
  }

  @Test
  void whatIsNotKnownIsNotKnownToBeGood() {
    PlanNode unknown = PlanNode.of(Kind.UNKNOWN, "Magic Scan");

    assertThat(scanless(List.of()).judge(plan(unknown)))
        .extracting(Breach::why)
        .containsExactly("This step is not known here, so it is not known to be good.");
    assertThat(Expectations.NONE.judge(plan(unknown))).isEmpty();
  }

  @Test
  void rowsReadAreHeldAgainstRowsGiven() {
    Expectations few = new Expectations(List.of(), false, List.of(), false, Optional.of(3.0));

    assertThat(few.judge(plan(SEEK), work(99, 33, true))).isEmpty();
    assertThat(few.judge(plan(SEEK), work(90_000, 33, true)))
        .extracting(Breach::why)
        .containsExactly("It reads 90,000 rows to give 33: 2,727.3 for each, where 3 may be.");
    assertThat(few.judge(plan(SEEK), work(10, 0, true))).hasSize(1);
    assertThat(few.judge(plan(SEEK), work(2, 5, false)))
        .extracting(Breach::why)
        .containsExactly("It had not ended when its time was over, so what it reads is not known.");
    assertThat(few.judge(plan(SEEK), Optional.empty()))
        .extracting(Breach::why)
        .containsExactly("How many rows it reads was not counted.");
  }

  private static Optional<Work> work(long examined, long returned, boolean complete) {
    return Optional.of(new Work(examined, returned, complete, "counted"));
  }

  private static Expectations scanless(List<String> small) {
    return new Expectations(List.of(), true, small, false, none());
  }

  private static Optional<Double> none() {
    return Optional.empty();
  }

  private static QueryPlan plan(PlanNode... steps) {
    return new QueryPlan("an engine", List.of(steps), Optional.empty());
  }
}

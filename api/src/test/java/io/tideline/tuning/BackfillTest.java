package io.tideline.tuning;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.policy.Predicate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a database notes of a backfill says all that it takes to undo it. */
class BackfillTest {
  private static final BackfillState STATE =
      new BackfillState("fix", "", "", BackfillState.Phase.FILLED, 1, 1, 1, 1, false);

  private static BackfillState noting(String specification) {
    return new BackfillState(
        STATE.name(), specification, "", STATE.phase(), 1, 1, 1, 1, STATE.required());
  }

  private static void isReadAgain(Backfill backfill) {
    assertThat(Backfill.of(noting(backfill.specification()))).contains(backfill);
  }

  private static Backfill changing(String value, Optional<String> where) {
    return new Backfill(
        "fix",
        "main.t",
        "v",
        Optional.empty(),
        new Backfill.Value(new Predicate(value)),
        where.map(Predicate::new),
        Backfill.Fill.SWEEP,
        Backfill.SAMPLE,
        true);
  }

  @Test
  void isReadFromItsNote() {
    isReadAgain(changing("'a'", Optional.empty()));
    isReadAgain(changing("'a\nwhere b'", Optional.of("v = 'x\nwhere y'\n OR v IS NULL")));
    isReadAgain(
        new Backfill(
            "fix",
            "t",
            "c",
            Optional.of("numeric(9, 2)"),
            new Backfill.Copy("app.parents", "at", List.of("a", "b")),
            Optional.empty(),
            Backfill.Fill.TRIGGER,
            Backfill.SAMPLE,
            false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "t", "t\nc\n\nvalue (\n\nsweep\n", "t\nc\n\nvalue 1\n\nnever\n"})
  void whatNobodyWroteIsNone(String specification) {
    assertThat(Backfill.of(noting(specification))).isEmpty();
  }
}

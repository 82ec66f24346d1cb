package io.tideline.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The folders of {@code cases/}, each on every database that it has a schema for; {@code
 * -Dcase=NAME} plays those of which that is a part of the name.
 */
class CasesTest {
  private static final List<Case> ALL = Case.all();
  private static final String ONLY = System.getProperty("case", "");

  @TempDir Path folder;

  static List<Case> cases() {
    return ALL.stream().filter(each -> each.name().contains(ONLY)).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void endsAsExpected(Case story) {
    Optional<String> pending =
        Optional.ofNullable(story.expected().pending().get(story.database()));
    // A case that is itself wrong fails even while it is pending.
    try (CaseRun run = CaseRun.prepare(story, folder)) {
      play(run, story, pending);
    }
    assertThat(pending).as("%s passes: remove 'pending' from its expected.json", story).isEmpty();
  }

  private static void play(CaseRun run, Case story, Optional<String> pending) {
    try {
      run.play();
    } catch (AssertionError | RuntimeException e) {
      String what = "case " + story.name() + ": " + e.getMessage();
      pending.ifPresent(feature -> abort("Waits for " + feature + ": " + what));
      throw new AssertionError(what, e);
    }
  }

  @Test
  void thereAreEightyAndMore() {
    assertThat(ALL.stream().map(Case::folder).distinct()).hasSizeGreaterThanOrEqualTo(80);
  }

  @Test
  void eachSaysWhatItIsAbout() {
    for (Case story : ALL) {
      assertThat(story.expected().about()).as("'about' of %s", story).isNotEmpty();
    }
  }
}

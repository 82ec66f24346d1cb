package io.tideline.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The folders of {@code cases/}, each on every database that it has a schema for. */
class CasesTest {
  @TempDir Path folder;

  static List<Case> cases() {
    String only = System.getProperty("case", "");
    return Case.all().stream().filter(each -> each.name().contains(only)).toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void endsAsExpected(Case story) {
    Optional<String> pending = story.expected().pending();
    try {
      assertTimeoutPreemptively(Duration.ofMinutes(2), () -> CaseRun.play(story, folder));
    } catch (AssertionError | RuntimeException e) {
      String what = "case " + story.name() + ": " + e.getMessage();
      pending.ifPresent(feature -> abort("Waits for " + feature + ": " + what));
      throw new AssertionError(what, e);
    }
    assertThat(pending).as("%s passes: remove 'pending' from its expected.json", story).isEmpty();
  }

  @Test
  void thereAreEightyAndMore() {
    long count = Case.all().stream().map(Case::folder).distinct().count();
    assertThat(count).isGreaterThanOrEqualTo(80);
  }
}

package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.config.ConfigFile;
import io.tideline.schedule.Job;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an example's calendar runs by itself can be run, after a run of its policies. */
final class CalendarsTest {
  /** Those that ask a person are told not to, as the server tells them. */
  private static final Set<String> ASKING = Set.of("reclaim", "payloads");

  /** Done, or done with rows or files left that the README speaks of. */
  private static final Set<Integer> GOOD = Set.of(0, 3);

  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "codex-lb, STORE, sqlite:store.db",
    "elspeth, ELSPETH_DATABASE, sqlite:audit.db",
    "selfos, SELFOS_DATABASE, ",
    "traces, , sqlite:traces.db"
  })
  void everyJobRuns(String example, String variable, String sqlite) throws Exception {
    Place place = new Place(dir, example);
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      String url = sqlite == null ? database.url() : sqlite;
      place.make(example, url.replace("sqlite:", ""));
      if (variable != null) {
        place.set(variable, url);
      }
      place.set("CODEX_LB_REQUEST_LOGS_RETENTION_DAYS", "30");
      assertThat(place.tideline(List.of("run", "--yes")).exit()).isIn(GOOD);

      List<Job> jobs =
          ConfigFile.load(dir.resolve("tideline.yaml"), Map.of("SELFOS_DATABASE", url))
              .timetable()
              .jobs();
      for (String beat : List.of("daily-", "weekly-", "monthly-", "quarterly-")) {
        assertThat(jobs).as(beat).anyMatch(job -> job.name().startsWith(beat));
      }
      for (Job job : jobs) {
        runs(place, job, sqlite != null);
      }
    }
  }

  private static void runs(Place place, Job job, boolean sqlite) {
    List<String> words = new ArrayList<>(job.command());
    if (ASKING.contains(words.get(0))) {
      words.add("--yes");
    }
    Place.Said said = place.tideline(words);
    // A server needs its own pg_dump, which is not everywhere.
    if (sqlite || !words.get(0).equals("backup")) {
      assertThat(said.exit()).as(job.name() + ": " + said.text()).isIn(GOOD);
    }
  }
}

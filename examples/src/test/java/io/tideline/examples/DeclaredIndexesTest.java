package io.tideline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.examples.Place.Said;
import io.tideline.testkit.EmbeddedPostgresServer;
import io.tideline.testkit.PostgresTestDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The indexes that the examples declare are made as a person would make them. */
final class DeclaredIndexesTest {
  @TempDir Path dir;

  private static void becomesAsDeclared(Place place, List<String> apply, int missing) {
    Said before = place.tideline(List.of("indexes"));
    assertThat(before.exit()).as(before.text()).isEqualTo(1);
    assertThat(before.text().lines().filter(line -> line.startsWith("missing"))).hasSize(missing);
    Said done = place.tideline(apply);
    assertThat(done.exit()).as(done.text()).isZero();
    assertThat(done.text().lines().filter(line -> line.contains(": Made the index ")))
        .hasSize(missing);
    Said after = place.tideline(List.of("indexes"));
    assertThat(after.exit()).as(after.text()).isZero();
    assertThat(after.text()).contains("All is as declared.");
  }

  @Test
  void selfOsGetsItsWholeSet() throws Exception {
    Place place = new Place(dir, "selfos");
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      place.make("selfos", database.url());
      place.set("SELFOS_DATABASE", database.url());
      becomesAsDeclared(place, List.of("indexes", "--apply"), 22);
    }
  }

  @Test
  void codexLbGetsThatOfItsAccountsPageOnBoth() throws Exception {
    Place place = new Place(dir, "codex-lb");
    place.make("codex-lb", "store.db");
    assertThat(place.tideline(List.of("indexes", "--apply")).exit()).isEqualTo(5);
    becomesAsDeclared(place, List.of("indexes", "--apply", "--blocking"), 1);
    try (PostgresTestDatabase database = EmbeddedPostgresServer.shared().freshDatabase()) {
      place.make("codex-lb", database.url());
      place.set("STORE", database.url());
      place.set("ARCHIVE", dir.resolve("other").toString());
      becomesAsDeclared(place, List.of("indexes", "--apply"), 1);
    }
  }

  @Test
  void theTraceStoreHasWhatItDeclares() throws Exception {
    Place place = new Place(dir, "traces");
    place.make("traces", "traces.db");
    Said said = place.tideline(List.of("indexes"));
    assertThat(said.exit()).as(said.text()).isZero();
  }
}

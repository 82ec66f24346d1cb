package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.policy.Pace;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.Status;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An archive is of most use when its database is lost. */
class WithoutTheSourceTest {
  @TempDir Path folder;

  private static String nowhere(Product product, Path folder) {
    return product == Product.POSTGRESQL
        ? "postgresql://nobody@127.0.0.1:1/lost"
        : "sqlite:" + folder.resolve("lost.db");
  }

  @ParameterizedTest
  @EnumSource(Product.class)
  void theArchiveIsReadVerifiedAndRestoredElsewhere(Product product) {
    try (Events events = new Events(product, folder);
        TestDatabase other = events.database.sibling()) {
      events.run();
      other.execute(
          "CREATE TABLE events (id bigint PRIMARY KEY, account text, created_at "
              + (product == Product.POSTGRESQL ? "timestamp" : "text")
              + " NOT NULL, payload text)");
      Settings lost =
          Settings.of(
                  nowhere(product, folder),
                  folder.resolve("archive"),
                  List.of(events.policy().build()))
              .withPace(Pace.OFFLINE);
      try (Tideline tideline = Tideline.open(lost, new SettableClock(Events.NOW))) {
        assertThat(tideline.verify(Optional.empty(), RunListener.NONE).problems()).isEmpty();
        assertThat(tideline.archives()).hasSize(1);
        assertThat(tideline.history()).hasSize(1);
        assertThat(tideline.views(false)).hasSize(1);
        List<String> answer = new ArrayList<>();
        tideline.query("SELECT count(*) FROM events", false, new Answers(answer));
        assertThat(answer).containsExactly("30");
        assertThat(tideline.recover().runs()).isEqualTo(1);
        Status status = tideline.status();
        assertThat(status.archivedRows()).isEqualTo(30);
        assertThat(status.database()).isEmpty();
        assertThat(status.unreachable()).contains("Cannot");
        RestoreRequest all = RestoreRequest.everything().into(new DatabaseUrl(other.url()));
        assertThat(tideline.restore(all, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
        assertThat(other.count("events")).isEqualTo(30);

        assertThatThrownBy(() -> tideline.plan(Selection.all(), RunListener.NONE))
            .hasMessageContaining("Cannot");
        assertThatThrownBy(() -> tideline.restore(RestoreRequest.everything(), RunListener.NONE))
            .hasMessageContaining("Cannot");
      }
    }
  }

  private record Answers(List<String> rows) implements io.tideline.archive.QueryEngine.Result {
    @Override
    public void columns(List<String> names, List<String> types) {}

    @Override
    public boolean row(@Nullable Object[] values) {
      rows.add(String.valueOf(values[0]));
      return true;
    }
  }
}

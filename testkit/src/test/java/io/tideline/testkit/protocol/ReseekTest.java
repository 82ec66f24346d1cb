package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tideline.Tideline;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Storage;
import io.tideline.core.run.Executor;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.dialect.Dialect;
import io.tideline.dialect.Reader;
import io.tideline.error.ExitCode;
import io.tideline.plan.Plan;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RunListener;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Step;
import io.tideline.testkit.FailingAt;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows without a key of their own are sought by digest over the whole table. */
class ReseekTest {
  @TempDir Path folder;

  @Test
  void aVacuumInTheMiddleOfTheSearchClosesNoLiveRowAsDeleted() {
    try (Events events = new Events(Product.SQLITE, folder)) {
      events.database.execute(
          "CREATE TABLE loose AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
              + " WHERE i < 30000) SELECT i, CASE WHEN i > 29990 THEN '2026-01-01 00:00:00'"
              + " ELSE '2026-09-30 00:00:00' END AS created_at FROM n");
      Policy policy =
          Policy.of("old", "loose").time("created_at").retain(Duration.ofDays(30)).build();
      Settings settings = events.settings(policy);
      assertThatThrownBy(() -> events.run(settings, new FailingAt(Step.SEALED, 1)))
          .isInstanceOf(FailingAt.Failure.class);
      events.database.execute("VACUUM", "DELETE FROM loose WHERE i <= 15000");

      RunReport report = resumedWithAVacuumAfterTheFirstSlice(events, settings);
      assertThat(report.exit()).as("%s", report).isEqualTo(ExitCode.STOPPED);
      assertThat(live(events)).containsExactly("10");

      assertThat(events.run(settings, RunListener.NONE).exit()).isEqualTo(ExitCode.DONE);
      assertThat(live(events)).containsExactly("0");
      try (Tideline tideline = Tideline.open(settings)) {
        assertThat(tideline.status().archivedRows()).isEqualTo(10);
      }
    }
  }

  private static List<String> live(Events events) {
    return events.database.query("SELECT count(*) FROM loose WHERE i > 29990");
  }

  private RunReport resumedWithAVacuumAfterTheFirstSlice(Events events, Settings settings) {
    SettableClock clock = new SettableClock(Events.NOW);
    Plan plan;
    try (Tideline tideline = Tideline.open(settings, clock)) {
      plan = tideline.plan(Selection.all(), RunListener.NONE);
    }
    AtomicBoolean done = new AtomicBoolean();
    try (Database real = database(events.database.url())) {
      Database watched =
          wrapped(
              Database.class,
              (proxy, method, arguments) -> {
                Object answer = call(method, real, arguments);
                return method.getName().equals("openReader")
                    ? reader(answer, events, done)
                    : answer;
              });
      return new Executor(
              watched,
              settings,
              new ArchiveFolder(settings.archive(), new Storage()),
              new Formats(),
              clock,
              new AtomicBoolean())
          .run(plan, RunOptions.DEFAULT, RunListener.NONE);
    }
  }

  private static Database database(String url) {
    return ServiceLoader.load(Dialect.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(dialect -> dialect.schemes().contains("sqlite"))
        .findFirst()
        .orElseThrow()
        .open(new DatabaseUrl(url));
  }

  private static Reader reader(Object real, Events events, AtomicBoolean done) {
    return wrapped(
        Reader.class,
        (proxy, method, arguments) -> {
          Object answer = call(method, real, arguments);
          if (method.getName().equals("scan") && done.compareAndSet(false, true)) {
            events.database.execute("VACUUM");
          }
          return answer;
        });
  }

  private static <T> T wrapped(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Object call(Method method, Object on, Object[] arguments) throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

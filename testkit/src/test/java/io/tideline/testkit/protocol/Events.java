package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ExitCode;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** A plain table of 40 events, the first 30 of which are expired, and its archive. */
final class Events implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  static final int ALL = 40;
  static final int EXPIRED = 30;

  final TestDatabase database;
  private final Product product;
  private final Path folder;

  Events(Product product, Path folder) {
    this.product = product;
    this.folder = folder;
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database = product.create(folder);
    database.execute(ddl());
    StringBuilder rows = new StringBuilder("INSERT INTO events VALUES ");
    for (int i = 1; i <= ALL; i++) {
      String time = i <= EXPIRED ? "2026-01-01 00:00:" + (10 + i) : "2026-09-30 00:00:" + (10 + i);
      rows.append(i == 1 ? "" : ", ")
          .append("(%d, 'acc-%d', '%s', 'payload %d')".formatted(i, i % 3, time, i));
    }
    database.execute(rows.toString());
  }

  private String ddl() {
    String time = product == Product.POSTGRESQL ? "timestamp" : "text";
    return "CREATE TABLE events (id bigint PRIMARY KEY, account text, created_at "
        + time
        + " NOT NULL, payload text)";
  }

  Policy.Builder policy() {
    return Policy.of("old", "events").time("created_at").retain(Duration.ofDays(30));
  }

  Settings settings() {
    return settings(policy().build());
  }

  Settings settings(Policy policy) {
    return Settings.of(database.url(), folder.resolve("archive"), List.of(policy))
        .withPace(Pace.OFFLINE);
  }

  /** Removes the file whose lock is the lease of a SQLite database. */
  void removeLeaseFile() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tideline")).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RunReport run() {
    return run(settings(), RunListener.NONE);
  }

  RunReport run(RunListener listener) {
    return run(settings(), listener);
  }

  RunReport run(Settings settings, RunListener listener) {
    return run(settings, listener, new Storage());
  }

  RunReport run(Settings settings, RunListener listener, Storage storage) {
    try (Tideline tideline = Tideline.open(settings, new SettableClock(NOW), storage)) {
      RunReport report = tideline.run(tideline.plan(Selection.all(), RunListener.NONE), listener);
      if (report.exit() == ExitCode.DONE) {
        assertThat(tideline.checkRecord(report.recordHead()).problems())
            .allMatch(each -> each.startsWith("Cannot find ")); // what a test took away
        assertThat(tideline.checkRecord(report.recordHead()).pending()).isEmpty();
        if (report.resumed() == 0) {
          assertThat(toldOf(tideline, report.run())).isEqualTo(report.removed());
        }
      }
      return report;
    }
  }

  /** How many rows the record says that a run removed. */
  private static long toldOf(Tideline tideline, String run) {
    AtomicLong rows = new AtomicLong();
    tideline.record(
        line -> {
          if (line.run().equals(run)
              && !line.policy().isEmpty()
              && List.of("closed", "took").contains(line.kind())) {
            rows.addAndGet(line.rows().orElse(0));
          }
        });
    return rows.get();
  }

  /** The kinds of the lines of the record. */
  List<String> recorded() {
    List<String> kinds = new ArrayList<>();
    try (Tideline tideline = Tideline.open(settings(), new SettableClock(NOW))) {
      assertThat(tideline.record(line -> kinds.add(line.kind()))).isEmpty();
    }
    return kinds;
  }

  /** A check of the record. */
  RecordReport checked(Optional<RecordHead> noted) {
    try (Tideline tideline = Tideline.open(settings(), new SettableClock(NOW))) {
      return tideline.checkRecord(noted);
    }
  }

  /** The file of the record. */
  Path record() {
    return settings().archive().resolve("record.jsonl");
  }

  /** The ids of the live rows. */
  List<Integer> live() {
    return database.query("SELECT id FROM events ORDER BY id").stream()
        .map(Integer::valueOf)
        .toList();
  }

  /**
   * Restores the view into an empty table of another database; gives id and payload of each row.
   */
  List<String> view(boolean gone) {
    try (TestDatabase other = database.sibling();
        Tideline tideline = Tideline.open(settings(), new SettableClock(NOW))) {
      other.execute(ddl());
      RestoreRequest all = RestoreRequest.everything().into(new DatabaseUrl(other.url()));
      tideline.restore(gone ? all.withGone() : all, RunListener.NONE);
      return other.query("SELECT id || ' ' || payload FROM events ORDER BY id");
    }
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.tideline.testkit.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.core.archive.Storage;
import io.tideline.plan.PayloadPlan;
import io.tideline.policy.Payloads;
import io.tideline.policy.Policy;
import io.tideline.policy.Predicate;
import io.tideline.policy.Settings;
import io.tideline.run.PayloadSweep;
import io.tideline.run.RunListener;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs whose rows, calls and tokens refer to files named by their hash. */
final class PayloadScene implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");
  static final Duration OLD = Duration.ofDays(200);

  final TestDatabase database;
  final Path store;
  final Path archive;
  final SettableClock clock = new SettableClock(NOW);
  private final List<PayloadPlan.State> states = new ArrayList<>();
  private Payloads payloads;

  PayloadScene(Product product, Path folder) {
    try {
      Files.createDirectories(folder);
      store = Files.createDirectories(folder.resolve("payloads")).toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    archive = folder.resolve("archive");
    database = product.create(folder);
    String time = product == Product.POSTGRESQL ? "timestamp" : "text";
    database.execute(
        "CREATE TABLE runs (id text PRIMARY KEY NOT NULL, completed_at " + time + ", status text)",
        "CREATE TABLE items (id integer PRIMARY KEY NOT NULL, run_id text REFERENCES runs(id),"
            + " source_ref text)",
        "CREATE TABLE states (id integer NOT NULL, run_id text NOT NULL REFERENCES runs(id),"
            + " PRIMARY KEY (id, run_id))",
        "CREATE TABLE operations (id integer PRIMARY KEY NOT NULL, run_id text NOT NULL REFERENCES"
            + " runs(id), input_ref text, output_ref text)",
        "CREATE TABLE calls (id integer PRIMARY KEY NOT NULL, state_id integer, state_run text,"
            + " operation_id integer REFERENCES operations(id), request_ref text,"
            + " FOREIGN KEY (state_id, state_run) REFERENCES states(id, run_id))",
        "CREATE TABLE tokens (id integer PRIMARY KEY NOT NULL, parent integer REFERENCES"
            + " tokens(id), run_id text REFERENCES runs(id), data_ref text)",
        "INSERT INTO runs VALUES ('old', '2026-01-01 00:00:00', 'completed'),"
            + " ('older', '2025-01-01 00:00:00', 'completed'),"
            + " ('fresh', '2026-09-30 00:00:00', 'completed'), ('open', NULL, 'running'),"
            + " ('stuck', '2026-01-01 00:00:00', 'interrupted')",
        "INSERT INTO states VALUES (1, 'old'), (2, 'fresh'), (3, 'old')",
        "INSERT INTO operations VALUES (1, 'old', NULL, NULL), (2, 'fresh', NULL, NULL)");
    payloads =
        Payloads.of(
                store,
                List.of(
                    "items.source_ref",
                    "operations.input_ref",
                    "operations.output_ref",
                    "calls.request_ref",
                    "tokens.data_ref"))
            .withRoot(
                "runs",
                Duration.ofDays(90),
                Optional.of(new Predicate("status IN ('running', 'interrupted')")));
  }

  /** The hash of a text. */
  static String hash(String content) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(content.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where a text's file lies. */
  Path place(String content) {
    return store.resolve(hash(content).substring(0, 2)).resolve(hash(content));
  }

  /** Writes old files, each with its content for a name in the tests. */
  void put(String... contents) {
    for (String content : contents) {
      file(place(content), content, OLD);
    }
  }

  void file(Path file, String content, Duration age) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
      Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A row of a run that refers to a text. */
  void refer(int id, String run, String reference) {
    database.execute(
        "INSERT INTO items VALUES ("
            + id
            + ", "
            + (run == null ? "NULL" : "'" + run + "'")
            + ", '"
            + reference
            + "')");
  }

  void configure(java.util.function.UnaryOperator<Payloads> change) {
    payloads = change.apply(payloads);
  }

  void withoutRoot() {
    payloads = Payloads.of(store, payloads.columns());
  }

  Settings settings() {
    return Settings.of(
            database.url(),
            archive,
            List.of(Policy.of("runs", "runs").time("completed_at").build()))
        .withPayloads(payloads);
  }

  Tideline open(Storage storage) {
    return Tideline.open(settings(), clock, storage);
  }

  PayloadPlan plan() {
    states.clear();
    try (Tideline tideline = open(new Storage())) {
      return tideline.payloads().plan((state, path, bytes) -> states.add(state));
    }
  }

  List<PayloadPlan.State> states() {
    return List.copyOf(states);
  }

  PayloadSweep sweep() {
    return sweep(new Storage());
  }

  PayloadSweep sweep(Storage storage) {
    try (Tideline tideline = open(storage)) {
      PayloadSweep sweep = tideline.payloads().sweep(RunListener.NONE);
      assertThat(tideline.checkRecord(Optional.empty()).problems()).isEmpty();
      assertThat(tideline.checkRecord(Optional.empty()).pending()).isEmpty();
      return sweep;
    }
  }

  /** The names of the files of the store, without the trash. */
  Set<String> files() {
    return names(store).stream()
        .filter(path -> !path.startsWith(".trash"))
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The names of the files in the trash. */
  Set<String> trash() {
    return names(store).stream()
        .filter(path -> path.startsWith(".trash") && !path.endsWith(".json"))
        .map(path -> path.substring(path.lastIndexOf('/') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<String> names(Path root) {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> !Files.isDirectory(file))
          .map(file -> root.relativize(file).toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The hashes of texts. */
  static Set<String> hashes(String... contents) {
    return Stream.of(contents).map(PayloadScene::hash).collect(Collectors.toSet());
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.tideline.testkit.chaos;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.policy.Pace;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.testkit.ForkedProcess;
import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.FullDisk;
import io.tideline.testkit.Product;
import io.tideline.testkit.SqliteTestDatabase;
import io.tideline.testkit.TcpProxy;
import io.tideline.testkit.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** What the faults of an episode act upon: a database, an archive, and what lies between. */
final class Stage implements AutoCloseable {
  private static final int KILOBYTES = 64 * 1024;
  private static final long LEASE_MILLIS = 60_000;

  final Random random;
  final Shape shape;
  final TestDatabase database;
  final Path folder;
  final Optional<Server> server;
  final List<String> findings = new ArrayList<>();
  private final Pace pace;
  private final List<FullDisk> disks = new ArrayList<>();
  private @Nullable TcpProxy proxy;
  private Path archive;
  private Path state;
  private Instant latest = Instant.now();
  private boolean restored;
  private int runs;

  Stage(Shape shape, Path folder, Optional<Server> server, Random random) {
    this.shape = shape;
    this.folder = folder;
    this.server = server;
    this.random = random;
    this.pace = random.nextBoolean() ? Pace.OFFLINE : Pace.GENTLE;
    this.archive = folder.resolve("archive");
    this.state = folder.resolve("state");
    this.database = database();
    server.ifPresent(each -> proxy = new TcpProxy(each.port()));
    database.execute(shape.ddl());
    database.execute(shape.archiveTables());
  }

  private TestDatabase database() {
    if (shape.product() == Product.POSTGRESQL) {
      return server.orElseThrow().freshDatabase();
    }
    SqliteTestDatabase file = SqliteTestDatabase.create(folder, "store.db");
    if (random.nextInt(3) == 0) {
      file.execute("PRAGMA journal_mode = DELETE");
    }
    return file;
  }

  /** Puts the archive, or the state, on a small disk of its own; nothing if that cannot be. */
  Optional<FullDisk> smallDisk(boolean forArchive) {
    Path place = folder.resolve(forArchive ? "archive-disk" : "state-disk");
    try {
      Files.createDirectory(place);
      FullDisk disk = FullDisk.mount(place, KILOBYTES);
      disks.add(disk);
      if (forArchive) {
        archive = place.resolve("archive");
      } else {
        state = place.resolve("state");
      }
      return Optional.of(disk);
    } catch (TestAbortedException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** The disk that a place is on, if it is a small one. */
  Optional<FullDisk> disk(Path place) {
    return disks.stream().filter(disk -> place.startsWith(disk.folder())).findFirst();
  }

  TcpProxy proxy() {
    return java.util.Objects.requireNonNull(proxy);
  }

  Path archive() {
    return archive;
  }

  Path state() {
    return state;
  }

  Settings settings() {
    return settings(shape.policy());
  }

  Settings settings(Policy policy) {
    String url = server.map(each -> each.url(database, proxy().port())).orElseGet(database::url);
    return new Settings(
        new DatabaseUrl(url), archive, state, Optional.empty(), pace, List.of(policy), List.of());
  }

  ForkedRun run() {
    return ForkedRun.run(settings());
  }

  /** A run whose clock is off. */
  ForkedRun runAt(Instant now) {
    if (now.isAfter(latest)) {
      latest = now;
    }
    return run().at(now);
  }

  ForkedRun restore() {
    restored = true;
    return ForkedRun.restore(settings());
  }

  /** How many processes were looked at. */
  int runs() {
    return runs;
  }

  boolean restored() {
    return restored;
  }

  /** Before which the root of a tree that went was. */
  long cutoffMillis() {
    Instant now = Instant.now();
    return (latest.isAfter(now) ? latest : now).minus(Shape.RETAIN).toEpochMilli();
  }

  /** A defect, or an exit that is none of those documented for what happened, is a finding. */
  void expect(String what, ForkedRun.Result result, Integer... exits) {
    runs++;
    if (!Arrays.asList(exits).contains(result.exit())) {
      findings.add(what + " ended with " + result.exit() + ": " + result.output().strip());
    }
  }

  /** Runs if nothing ran yet: there would be nothing that could suffer. */
  void archived() {
    if (!Files.exists(archive) || !Files.exists(state)) {
      finish("nothing");
    }
  }

  /** Runs as often as a lease of a dead process, or a server that starts, makes it needed. */
  void finish(String after) {
    finish(after, 0, 3);
  }

  /** As {@link #finish}, ending with one of the exit codes. */
  void finish(String after, Integer... exits) {
    long end = System.currentTimeMillis() + LEASE_MILLIS;
    ForkedRun.Result result = run().start();
    while (List.of(2, 4, 6, 8).contains(result.exit()) && System.currentTimeMillis() < end) {
      pause(300);
      result = run().start();
    }
    expect("the run after " + after, result, exits);
  }

  /** Waits a random time of at most so many milliseconds. */
  void pauseUpTo(int millis) {
    pause(random.nextInt(millis + 1));
  }

  /** Waits until a run holds the lease, then for a random time that is short as often as long. */
  boolean inTheMidst(ForkedProcess process) {
    boolean leased = process.awaitLease();
    pauseUpTo(List.of(2, 20, 80, 400).get(random.nextInt(4)));
    return leased && process.alive();
  }

  static void pause(long millis) {
    try {
      Thread.sleep(Math.max(0, Duration.ofMillis(millis).toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (proxy != null) {
      proxy.close();
    }
    database.close();
    disks.forEach(FullDisk::close);
  }
}

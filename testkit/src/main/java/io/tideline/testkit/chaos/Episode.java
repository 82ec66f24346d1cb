package io.tideline.testkit.chaos;

import io.tideline.testkit.ForkedRun;
import io.tideline.testkit.Product;
import io.tideline.testkit.chaos.audit.ArchiveFolder;
import io.tideline.testkit.chaos.audit.Auditor;
import io.tideline.testkit.chaos.audit.Book;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * One random database with applications at work, struck by random faults; after each the next run
 * finishes, and at the end every row is looked for.
 *
 * @param seed draws everything but the instants of processes
 * @param product the database; by the seed's parity if empty
 * @param most how many faults at most
 * @param trees how many trees there are at least when it begins
 */
record Episode(long seed, Optional<Product> product, int most, int trees) {
  private static final int WRITERS = 2;

  /**
   * How it ended.
   *
   * @param title the seed and what was drawn
   * @param injected how often each fault really happened
   * @param rows how many rows were looked for
   * @param commits how many transactions of the writers were answered
   * @param runs how many other processes there were
   * @param findings what is wrong; empty if all is well
   */
  record Result(
      String title,
      Map<Fault, Integer> injected,
      long rows,
      long commits,
      int runs,
      List<String> findings) {}

  /**
   * Carries it out.
   *
   * @param folder an empty folder of its own
   * @param server the PostgreSQL server, asked for only if it is needed
   */
  Result play(Path folder, Supplier<Server> server) {
    Random random = new Random(seed);
    random.nextBoolean(); // alike for seeds that follow each other
    Product drawn = seed % 2 == 0 ? Product.SQLITE : Product.POSTGRESQL;
    Shape shape = Shape.any(product.orElse(drawn), random);
    List<Fault> faults = draw(shape, random);
    Optional<Server> used =
        shape.product() == Product.SQLITE ? Optional.empty() : Optional.of(server.get());
    try (Stage stage = new Stage(shape, folder, used, random)) {
      return play(stage, faults);
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<Fault> draw(Shape shape, Random random) {
    List<Fault> urn = new ArrayList<>();
    for (Fault fault : Fault.of(shape)) {
      for (int i = 0; i < fault.weight(); i++) {
        urn.add(fault);
      }
    }
    List<Fault> faults = new ArrayList<>();
    for (int i = 1 + random.nextInt(most); i > 0; i--) {
      faults.add(urn.get(random.nextInt(urn.size())));
    }
    // A lock of minutes costs minutes.
    if (most > 3 && random.nextInt(60) == 0) {
      faults.add(Fault.LOCKED_FOR_MINUTES);
    }
    return faults;
  }

  private Result play(Stage stage, List<Fault> faults) throws IOException, SQLException {
    if (faults.contains(Fault.ARCHIVE_DISK_FULL)) {
      stage.smallDisk(true);
    }
    if (faults.contains(Fault.STATE_DISK_FULL)) {
      stage.smallDisk(false);
    }
    Book book = new Book();
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Writer writer = new Writer(stage.database, stage.shape, book, i, stage.random.nextLong());
      writer.fill((trees + stage.random.nextInt(trees)) / WRITERS);
      writers.add(writer);
    }
    writers.forEach(Writer::start);
    Map<Fault, Integer> injected = new EnumMap<>(Fault.class);
    try {
      for (Fault fault : faults) {
        injected.merge(fault, fault.on(stage), Integer::sum);
        stage.finish(fault.word());
      }
    } finally {
      writers.forEach(Writer::close);
    }
    quiet(stage);
    Auditor.Report report =
        Auditor.audit(
            stage.database,
            stage.shape.tables(),
            book,
            ArchiveFolder.read(stage.archive()),
            new Auditor.Rules(stage.shape.deletes(), stage.cutoffMillis(), stage.restored()));
    stage.findings.addAll(report.findings());
    long commits = writers.stream().mapToLong(Writer::commits).sum();
    String title =
        "seed %d, %s: %s"
            .formatted(
                seed, stage.shape, String.join(" ", faults.stream().map(Fault::word).toList()));
    return new Result(
        title, injected, report.rows(), commits, stage.runs(), List.copyOf(stage.findings));
  }

  /** When nobody works any more, a run takes all that is expired, and the archive is sound. */
  private static void quiet(Stage stage) {
    long now = System.currentTimeMillis();
    stage.finish("all, with nobody at work,", 0);
    String before = Values.time(now - Shape.RETAIN.toMillis() - 1_000);
    List<String> left =
        stage.database.query("SELECT count(*) FROM events WHERE at < '" + before + "'");
    if (!left.equals(List.of("0"))) {
      stage.findings.add(left + " expired rows are live after the last run");
    }
    ForkedRun.Result verified = ForkedRun.verify(stage.settings()).start();
    stage.expect("the last verify", verified, 0);
  }
}

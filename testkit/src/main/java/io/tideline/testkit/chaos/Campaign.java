package io.tideline.testkit.chaos;

import io.tideline.testkit.Product;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Episodes one after the other. With the system properties {@code chaos.seed} (of the first
 * episode; the next ones count up), {@code chaos.episodes}, {@code chaos.product} and {@code
 * chaos.minutes} (no episode begins later) it says on standard output what it did; it exits with 1
 * if anything was wrong.
 */
public final class Campaign implements AutoCloseable {
  private final Path folder;
  private final boolean installed;
  private final PrintStream out;
  private final Tally tally = new Tally();
  private @Nullable Server server;

  /**
   * A campaign that has done nothing yet.
   *
   * @param folder where episodes may work
   * @param installed whether it may use a PostgreSQL server that is installed here
   * @param out where it says what it does
   */
  public Campaign(Path folder, boolean installed, PrintStream out) {
    this.folder = folder;
    this.installed = installed;
    this.out = out;
  }

  /** Plays episodes as the system properties say. */
  public static void main(String[] arguments) throws IOException {
    long seed = Long.getLong("chaos.seed", new Random().nextInt(1_000_000_000));
    int episodes = Integer.getInteger("chaos.episodes", 20);
    long end = System.nanoTime() + Long.getLong("chaos.minutes", 1_000_000) * 60_000_000_000L;
    Optional<Product> product =
        Optional.ofNullable(System.getProperty("chaos.product"))
            .filter(name -> !name.isEmpty())
            .map(name -> Product.valueOf(name.toUpperCase(Locale.ROOT)));
    Path folder = Files.createTempDirectory("chaos");
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    boolean well;
    try (Campaign campaign = new Campaign(folder, true, System.out)) {
      for (int i = 0; i < episodes && System.nanoTime() < end; i++) {
        campaign.play(new Episode(seed + i, product, 6, 600));
      }
      campaign.tally.print(System.out);
      well = campaign.tally.findings() == 0;
    }
    System.exit(well ? 0 : 1);
  }

  /**
   * Plays a short episode.
   *
   * @return what was wrong, with the seed and the folder that is kept; empty if nothing was
   */
  public List<String> play(long seed, Product product, int faults, int trees) {
    return play(new Episode(seed, Optional.of(product), faults, trees));
  }

  /** How many faults of any kind happened. */
  public int faults() {
    return tally.injected().values().stream().mapToInt(Integer::intValue).sum();
  }

  private List<String> play(Episode episode) {
    Path place = folder.resolve("episode-" + episode.seed());
    long begin = System.nanoTime();
    Episode.Result result;
    try {
      Files.createDirectory(place);
      result = episode.play(place, this::server);
    } catch (IOException | RuntimeException e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      String title = "seed " + episode.seed() + " broke off";
      result = new Episode.Result(title, Map.of(), 0, 0, 0, List.of(trace.toString()));
    }
    tally.add(result);
    out.printf(
        "%4d %s: %,d rows, %.0f s, %s%n",
        tally.episodes(),
        result.title(),
        result.rows(),
        (System.nanoTime() - begin) / 1e9,
        result.findings().isEmpty() ? "well" : "FINDINGS, see " + place);
    result.findings().stream().limit(20).forEach(finding -> out.println("     " + finding));
    if (result.findings().isEmpty()) {
      Folders.remove(place);
    }
    return result.findings();
  }

  private Server server() {
    if (server == null) {
      server =
          (installed ? InstalledServer.start(folder.resolve("server")) : Optional.<Server>empty())
              .orElseGet(SharedServer::new);
      out.println("PostgreSQL: " + server.description());
    }
    return server;
  }

  @Override
  public void close() {
    if (server != null) {
      server.close();
      Folders.remove(folder.resolve("server"));
    }
  }
}

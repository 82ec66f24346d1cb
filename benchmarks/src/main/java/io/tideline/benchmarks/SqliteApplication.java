package io.tideline.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** An application in its own process, and the file of its log. */
final class SqliteApplication implements LiveSides.Application {
  private static final Duration WARM = Duration.ofSeconds(2);

  private final Path database;
  private final Process process;
  private final PrintStream out;
  private final BufferedReader in;

  SqliteApplication(Path database) throws IOException {
    this(database, Application.class);
  }

  /** Runs the main class of another application that answers by {@link Lags}. */
  SqliteApplication(Path database, Class<?> main) throws IOException {
    this.database = database;
    this.process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                database.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    this.out = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    pause(WARM);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public Felt.Round during(LiveSides.Work work) throws IOException {
    ask("begin");
    AtomicBoolean ended = new AtomicBoolean();
    AtomicLong longest = new AtomicLong();
    Thread watch = new Thread(() -> watch(ended, longest), "log");
    watch.start();
    double[] went;
    try {
      went = work.run();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      ended.set(true);
    }
    String[] felt = ask("end").split(" ", -1);
    return new Felt.Round(
        Double.parseDouble(felt[1]),
        Double.parseDouble(felt[2]),
        Double.parseDouble(felt[3]),
        Long.parseLong(felt[4]),
        longest.get() / 1e6,
        went[0] / went[1]);
  }

  private void watch(AtomicBoolean ended, AtomicLong longest) {
    File log = new File(database + "-wal");
    while (!ended.get()) {
      longest.accumulateAndGet(log.length(), Math::max);
      pause(Duration.ofMillis(20));
    }
  }

  private String ask(String what) throws IOException {
    out.println(what);
    String answer = in.readLine();
    if (answer == null) {
      throw new IllegalStateException("The application ended");
    }
    return answer;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

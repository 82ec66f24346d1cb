package io.tideline.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A service in a process of its own, as it would be. */
final class ServiceProcess implements AutoCloseable {
  private final Process process;
  private final String base;

  private ServiceProcess(Process process, String base) {
    this.process = process;
    this.base = base;
  }

  /**
   * Starts one.
   *
   * @param heap of its Java, as {@code 256m}
   * @param folder where it works
   * @param env its settings
   */
  static ServiceProcess start(Class<?> main, String heap, Path folder, Map<String, String> env)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+UseG1GC",
                "-Xmx" + heap,
                "-cp",
                absolute(System.getProperty("java.class.path")),
                main.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().putAll(env);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.contains("http://")) {
      process.destroyForcibly();
      throw new IllegalStateException(main.getName() + " did not start: " + line);
    }
    return new ServiceProcess(process, line.substring(line.indexOf("http://")));
  }

  private static String absolute(String path) {
    return String.join(
        ":",
        List.of(path.split(":", -1)).stream()
            .map(each -> Path.of(each).toAbsolutePath().toString())
            .toList());
  }

  /** The address of a path. */
  String url(String path) {
    return base + path;
  }

  /** Asks once, and gives back what is answered. */
  String ask(String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url(path)))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}

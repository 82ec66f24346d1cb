package io.tideline.cli.notify;

import io.tideline.schedule.Notice;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Gives a document to a program or a web server, once. */
final class Deliveries {
  private final Path folder;
  private final Duration timeout;
  private @Nullable HttpClient client;

  /**
   * @param folder where programs run
   */
  Deliveries(Path folder, Duration timeout) {
    this.folder = folder;
    this.timeout = timeout;
  }

  /** Why it did not arrive, without secrets; empty if it did. */
  String deliver(Notice.Target target, String document) throws InterruptedException {
    return target instanceof Notice.Webhook webhook
        ? post(webhook, document)
        : run((Notice.Program) target, document);
  }

  private String post(Notice.Webhook webhook, String document) throws InterruptedException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(webhook.url())
              .timeout(timeout)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(document));
      webhook.headers().forEach(request::header);
      int status = client().send(request.build(), BodyHandlers.discarding()).statusCode();
      return status >= 200 && status < 300 ? "" : "it answered " + status;
    } catch (IOException | IllegalArgumentException e) {
      return "it did not answer ("
          + e.getClass().getSimpleName()
          + ")"; // the text may hold the URL
    }
  }

  private HttpClient client() {
    HttpClient known = client;
    if (known == null) {
      known =
          HttpClient.newBuilder()
              .connectTimeout(timeout)
              .followRedirects(HttpClient.Redirect.NEVER)
              .build();
      client = known;
    }
    return known;
  }

  private String run(Notice.Program program, String document) throws InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder(program.words())
              .directory(folder.toFile())
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      return "it cannot be started";
    }
    try {
      feed(process, document);
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        return "it took longer than " + timeout.toSeconds() + " s and was ended";
      }
      return process.exitValue() == 0 ? "" : "it ended with exit code " + process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /**
   * On a thread of its own: a program that reads nothing would hold us up once the pipe is full.
   */
  private static void feed(Process process, String document) {
    Thread feeder =
        new Thread(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(document.getBytes(StandardCharsets.UTF_8));
              } catch (IOException e) {
                return; // it does not read to the end: its exit code tells
              }
            },
            "tideline-notify-feed");
    feeder.setDaemon(true);
    feeder.start();
  }
}

package io.tideline.core.work;

import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.error.TidelineException;
import io.tideline.policy.Probe;
import io.tideline.policy.Strain;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks a probe again and again on a thread of its own. It strains from the moment that an answer
 * takes too long, fails or is still awaited after its time, until one is in time again.
 */
final class ProbeWatch implements AutoCloseable {
  /** However quick an answer should be, so long it is awaited. */
  private static final Duration AWAITED = Duration.ofSeconds(10);

  private final Database database;
  private final Probe probe;
  private final Thread thread;
  private final CountDownLatch answered = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile long asked = System.nanoTime();
  private volatile String wrong = "";

  ProbeWatch(Database database, Probe probe) {
    this.database = database;
    this.probe = probe;
    this.thread = new Thread(this::watch, "tideline-probe");
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for the first answer, as long as one may take. */
  void awaitFirst() {
    try {
      boolean inTime = answered.await(probe.atMost().toNanos(), TimeUnit.NANOSECONDS);
      if (!inTime) {
        return; // which strains
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What is wrong now. */
  Optional<Strain> strain() {
    String now = wrong;
    long since = asked;
    if (now.isEmpty() && since != 0 && System.nanoTime() - since > probe.atMost().toNanos()) {
      now = late(System.nanoTime() - since);
    }
    return now.isEmpty() ? Optional.empty() : Optional.of(new Strain(Strain.Cause.PROBE, now));
  }

  private String late(long nanos) {
    return "the probe takes "
        + Duration.ofNanos(nanos).toMillis()
        + " ms, over "
        + probe.atMost().toMillis()
        + " ms";
  }

  private void watch() {
    if (probe.url().isPresent()) {
      HttpClient client = HttpClient.newBuilder().connectTimeout(AWAITED).build();
      again(() -> get(client, probe.url().get()));
      return;
    }
    while (!closed) {
      try (Reader reader = database.openReader()) {
        again(() -> reader.any(probe.query().orElseThrow(), AWAITED));
      } catch (TidelineException e) {
        wrong = "the probe fails: " + e.what(); // a lost connection is opened again
        answered.countDown();
        Pacer.rest(probe.every());
      }
    }
  }

  /** A question. */
  private interface Question {
    void ask() throws IOException, InterruptedException;
  }

  private void again(Question question) {
    while (!closed) {
      asked = System.nanoTime();
      try {
        question.ask();
        long took = System.nanoTime() - asked;
        wrong = took > probe.atMost().toNanos() ? late(took) : "";
      } catch (IOException e) {
        wrong = "the probe fails: " + e;
      } catch (TidelineException e) {
        wrong = "the probe fails: " + e.what();
        throw e;
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        wrong = "the probe fails: " + e; // as for an address that no client can ask
      } finally {
        asked = 0;
        answered.countDown();
      }
      Pacer.rest(probe.every());
    }
  }

  private static void get(HttpClient client, URI url) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(url).timeout(AWAITED).GET().build();
    int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    if (status >= 400) {
      throw new IOException("it answers " + status);
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}

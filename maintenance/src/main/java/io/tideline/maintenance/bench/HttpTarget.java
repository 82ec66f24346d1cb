package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An address that is asked by HTTP/1.1 over connections that are kept. Redirects are not followed:
 * only what was named is asked. Neither values of headers nor what stands for variables in the
 * address is ever told.
 */
public final class HttpTarget implements Target {
  /** What is counted where nobody listens. */
  static final String NOT_CONNECTED = "not-connected";

  private final String shown;
  private final String method;
  private final Map<String, String> headers;
  private final HttpRequest request;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * @param shown the address as it was written, before variables were put in
   * @param uri the address
   * @param method as {@code GET}
   * @param headers by name; their values may be secret
   * @param body what is sent; may be empty
   * @param timeout after how long a request is given up
   * @throws TidelineException {@code ARGUMENT_INVALID} if it cannot be asked
   */
  public HttpTarget(
      String shown,
      URI uri,
      String method,
      Map<String, String> headers,
      byte[] body,
      Duration timeout) {
    this.shown = shown;
    this.method = method.toUpperCase(Locale.ROOT);
    this.headers = new TreeMap<>(headers);
    this.timeout = timeout;
    this.request = request(uri, body);
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  private HttpRequest request(URI uri, byte[] body) {
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https") || uri.getHost() == null) {
      throw invalid("it is no address of http:// or https://");
    }
    if (uri.getUserInfo() != null) {
      throw invalid("it holds a login, which would be seen");
    }
    try {
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(uri)
              .method(
                  method,
                  body.length == 0
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofByteArray(body));
      headers.forEach(builder::header);
      return builder.build();
    } catch (IllegalArgumentException e) {
      // Its message may hold a value.
      throw invalid("the method or a header cannot be sent");
    }
  }

  private TidelineException invalid(String why) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot ask " + method + " " + shown + ": " + why + ".",
        "Nothing was asked.",
        "Write --url http://host:port/path, a login as --header 'Authorization: ${NAME}', and the"
            + " method in letters.");
  }

  @Override
  public String name() {
    return method + " " + shown;
  }

  @Override
  public Map<String, String> identity() {
    return Map.of("target", name(), "headers", String.join(", ", new TreeSet<>(headers.keySet())));
  }

  @Override
  public String amounts() {
    return "bytes";
  }

  @Override
  public Asker open() {
    return new Worker();
  }

  private final class Worker implements Asker {
    private volatile @Nullable CompletableFuture<HttpResponse<Long>> asked;
    private volatile boolean givenUp;

    @Override
    public Answer ask(long number) {
      // HttpRequest.timeout would end with the head of the answer; this holds to its last byte.
      CompletableFuture<HttpResponse<Long>> answer =
          client.sendAsync(request, info -> new CountedBytes());
      asked = answer;
      if (givenUp) {
        answer.cancel(true);
      }
      Answer taken = taken(answer);
      // What is cancelled may end as a lost connection, too.
      return givenUp && taken.kind() == Answer.Kind.ERROR ? Answer.interrupted() : taken;
    }

    @Override
    public void giveUp() {
      givenUp = true;
      CompletableFuture<HttpResponse<Long>> answer = asked;
      if (answer != null) {
        answer.cancel(true);
      }
    }

    @Override
    public void close() {
      // The client keeps its connections to itself, and they end with it.
    }
  }

  private Answer taken(CompletableFuture<HttpResponse<Long>> asked) {
    try {
      HttpResponse<Long> response = asked.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      int status = response.statusCode();
      return status < 400 ? Answer.ok(response.body()) : Answer.error("http-" + status, false);
    } catch (TimeoutException e) {
      asked.cancel(true);
      return Answer.timeout(false);
    } catch (ExecutionException e) {
      return failed(e.getCause());
    } catch (CancellationException e) {
      return Answer.interrupted();
    } catch (InterruptedException e) {
      asked.cancel(true);
      Thread.currentThread().interrupt();
      return Answer.interrupted();
    }
  }

  private static Answer failed(@Nullable Throwable cause) {
    if (cause instanceof HttpTimeoutException) {
      return Answer.timeout(false);
    }
    String word = cause instanceof ConnectException ? NOT_CONNECTED : "connection-lost";
    return Answer.error(word, false);
  }
}

package io.tideline.services;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Talks to a service. */
public final class Client {
  private final HttpClient http = HttpClient.newHttpClient();
  private final String base;

  public Client(int port) {
    base = "http://localhost:" + port;
  }

  /** What was answered. */
  public record Answer(int status, String text) {
    public JsonObject json() {
      return JsonParser.parseString(text).getAsJsonObject();
    }

    /** The code of an error. */
    public String code() {
      return json().getAsJsonObject("error").get("code").getAsString();
    }

    /** What an error says. */
    public String message() {
      return json().getAsJsonObject("error").get("message").getAsString();
    }
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, "", headers);
  }

  public Answer post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  public Answer send(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      HttpResponse<String> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** A request of the proxy, by a session or by none. */
  public Answer ask(String session) {
    String body = "{\"model\": \"gpt-5\"}";
    return session.isEmpty()
        ? post("/v1/responses", body)
        : post("/v1/responses", body, "X-Session-Id", session);
  }
}

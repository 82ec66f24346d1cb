package io.tideline.services.web;

import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Requests that are no HTTP and so reach no route are answered in JSON like every other. */
final class MalformedRequests extends ErrorHandler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    String message =
        status < 500
            ? "The request is malformed, or too large in its address or headers."
            : "This should not happen; the log says more.";
    Map<String, String> error =
        Map.of("code", status < 500 ? "bad_request" : "defect", "message", message);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    Content.Sink.write(response, true, Web.json(Map.of("error", error)), callback);
    return true;
  }
}

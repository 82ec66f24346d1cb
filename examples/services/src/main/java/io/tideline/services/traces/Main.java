package io.tideline.services.traces;

import io.tideline.services.web.Launch;

/** Starts the trace service, until it is told to end. */
public final class Main {
  private Main() {}

  /** Needs no arguments: its settings are in the environment. */
  public static void main(String[] args) {
    Launch.service("trace-service", clock -> TracesService.start(System.getenv(), clock));
  }
}

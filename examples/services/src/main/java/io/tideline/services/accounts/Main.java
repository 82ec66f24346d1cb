package io.tideline.services.accounts;

import io.tideline.services.web.Launch;

/** Starts the accounts service, until it is told to end. */
public final class Main {
  private Main() {}

  /** Needs no arguments: its settings are in the environment. */
  public static void main(String[] args) {
    Launch.service("accounts-service", clock -> AccountsService.start(System.getenv(), clock));
  }
}

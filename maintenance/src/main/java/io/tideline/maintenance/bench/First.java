package io.tideline.maintenance.bench;

import java.time.Duration;

/**
 * The first request of all, alone, over a connection of its own.
 *
 * @param took how long, the opening included
 * @param answer what it is counted under: {@code ok}, {@code http-503}
 */
public record First(Duration took, String answer) {
  static First of(Measured measured) {
    return new First(measured.took(), String.join(" ", measured.counts().details().keySet()));
  }
}

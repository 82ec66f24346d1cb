package io.tideline.health;

/** How bad a finding is, mildest first. */
public enum Severity {
  /** Worth knowing; nothing suffers yet. */
  INFO,
  /** Costs space or time, or will hurt if it goes on. */
  WARNING,
  /** Hurts now or soon: data, or the service, is at risk. */
  CRITICAL
}

package io.tideline.policy;

import java.util.Locale;

/**
 * Why a run waits: what others would feel if it went on.
 *
 * @param cause of what sort it is
 * @param what the same for a person, with what was measured and what may be
 */
public record Strain(Cause cause, String what) {
  /** The sorts. */
  public enum Cause {
    /** Somebody asked the run to wait. */
    PAUSED(false),
    /** Another session holds a lock, or the database asks to try again. */
    BUSY(true),
    /** The write-ahead log is over its limit: somebody reads an old state. */
    LOG(true),
    /** A replica lags behind. */
    REPLICA(true),
    /** The database cleans one of the tables. */
    VACUUM(false),
    /** A transaction is open for long: what is deleted meanwhile frees no space. */
    TRANSACTION(false),
    /** The application's answer takes too long. */
    PROBE(true);

    private final boolean ends;

    Cause(boolean ends) {
      this.ends = ends;
    }

    /** Whether a run ends, resumably, where waiting did not help; else it goes on with care. */
    public boolean ends() {
      return ends;
    }

    /** The word in reports. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

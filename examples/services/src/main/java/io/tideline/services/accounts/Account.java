package io.tideline.services.accounts;

import java.time.Instant;
import java.util.Locale;

/** An account, as its row says. */
record Account(String id, String email, Status status, Instant createdAt) {
  /** Whether it may serve. Any other word of the column counts as paused. */
  enum Status {
    ACTIVE,
    PAUSED,
    RATE_LIMITED,
    QUOTA_EXCEEDED,
    DEACTIVATED,
    /** Its history is being deleted; it goes when that is done. */
    DELETING;

    static Status of(String word) {
      for (Status status : values()) {
        if (status.word().equals(word)) {
          return status;
        }
      }
      return PAUSED;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

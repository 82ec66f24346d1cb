package io.tideline.services.accounts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One request that was served; a row of {@code request_logs}. */
record RequestLog(
    String account,
    String request,
    Instant at,
    String model,
    int inputTokens,
    int outputTokens,
    long latencyMillis,
    String status,
    @Nullable String errorCode,
    @Nullable String session) {

  /** About how many bytes it takes while it waits. */
  long weight() {
    return 300L
        + 2L * (account.length() + model.length() + (session == null ? 0 : session.length()));
  }
}

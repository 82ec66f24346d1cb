package io.tideline.core.restore;

import io.tideline.core.rule.PolicyTime;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import java.time.Instant;
import java.util.Optional;

/**
 * A stretch of time that rows are asked to lie in; those without a readable time lie in none.
 *
 * @param from only rows not older; all if empty
 * @param to only rows strictly older; all if empty
 * @param at where a row's time stands
 * @param codec how it is written
 */
record TimeRange(Optional<Instant> from, Optional<Instant> to, int at, TimeCodec codec) {
  /** Without an end on either side. */
  static final TimeRange EVER =
      new TimeRange(Optional.empty(), Optional.empty(), 0, PolicyTime.noCodec());

  /** The refusal where rows have no time that can be read. */
  static TidelineException unknown(String what) {
    return new TidelineException(
        ErrorCode.RESTORE_IMPOSSIBLE,
        "Cannot tell the times of " + what + ": its policy read no time column.",
        "Nothing was changed.",
        "Choose rows by --run, --table or --where.");
  }

  /** Whether a row lies in it. */
  boolean holds(Row row) {
    if (from.isEmpty() && to.isEmpty()) {
      return true;
    }
    TimeVerdict verdict = codec.read(row, at, Instant.MAX, Instant.MAX);
    if (verdict == TimeVerdict.NO_TIME || verdict == TimeVerdict.UNREADABLE) {
      return false;
    }
    Instant time = codec.instant();
    return from.filter(time::isBefore).isEmpty() && to.filter(end -> !time.isBefore(end)).isEmpty();
  }
}

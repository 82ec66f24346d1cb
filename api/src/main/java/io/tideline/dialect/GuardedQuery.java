package io.tideline.dialect;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A query that was found only to read, prepared in a {@link GuardedSession}. */
public interface GuardedQuery extends AutoCloseable {
  /**
   * Runs it and reads every row of the answer.
   *
   * @param values of the placeholders in order
   * @throws io.tideline.error.TidelineException as the session
   */
  Answer run(List<@Nullable Object> values);

  @Override
  void close();

  /**
   * What came back.
   *
   * @param rows how many rows
   * @param took from the sending to the last row, what the guard adds after it left out
   */
  record Answer(long rows, Duration took) {}
}

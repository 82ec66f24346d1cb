package io.tideline.dialect;

/**
 * The database itself refuses a change: a trigger that raises, a constraint, a row locked by
 * another. The executor rolls back, splits the batch until the culprit stands alone, and reports
 * it.
 */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean passing;

  /**
   * @param reason the engine's own words, without row values
   * @param passing whether another try may succeed: deadlock, serialization failure, a locked row
   */
  public RefusedException(String reason, boolean passing, Throwable cause) {
    super(reason, cause);
    this.passing = passing;
  }

  /** As the other constructor, where nothing lies beneath. */
  public RefusedException(String reason, boolean passing) {
    super(reason);
    this.passing = passing;
  }

  /** Whether another try may succeed. */
  public boolean passing() {
    return passing;
  }
}

package io.tideline.dialect;

/**
 * A statement did something else than was asked: a trigger that ignores the row, a count that
 * differs. The transaction must be rolled back.
 */
public final class SurpriseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param what what was expected and what happened
   */
  public SurpriseException(String what) {
    super(what);
  }
}

package io.tideline.dialect;

/** Something cannot be looked at: no right to, no time, a lock in the way. The rest still can. */
public final class UnseenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param why why, for a person: {@code not visible to this role}
   */
  public UnseenException(String why) {
    super(why);
  }

  /** As the other, with the failure that lies beneath. */
  public UnseenException(String why, Throwable cause) {
    super(why, cause);
  }

  /** Why, for a person. */
  public String why() {
    return String.valueOf(getMessage());
  }
}

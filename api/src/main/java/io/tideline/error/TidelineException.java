package io.tideline.error;

import org.jspecify.annotations.Nullable;

/**
 * A failure that names what failed and where, the state the data is in, and the mend.
 *
 * <p>Row values, passwords and bind values never appear in any of its texts; keys and the values of
 * a time column may.
 */
public class TidelineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final String state;
  private final String mend;

  /**
   * @param code the stable name
   * @param what what failed and where, one sentence that begins with "Cannot" where it fits
   * @param state the state the data is in, for example "Nothing was changed."
   * @param mend what the user should do, naming the command or the line
   */
  public TidelineException(ErrorCode code, String what, String state, String mend) {
    this(code, what, state, mend, null);
  }

  /** As the other constructor, with the failure that lies beneath. */
  public TidelineException(
      ErrorCode code, String what, String state, String mend, @Nullable Throwable cause) {
    super(what, cause);
    this.code = code;
    this.state = state;
    this.mend = mend;
  }

  /** The stable name. */
  public final ErrorCode code() {
    return code;
  }

  /** What failed and where, without state and mend. */
  public final String what() {
    return String.valueOf(super.getMessage());
  }

  /** The state the data is in. */
  public final String state() {
    return state;
  }

  /** How to mend it. */
  public final String mend() {
    return mend;
  }

  /** What failed, the state and the mend, in one text. */
  @Override
  public final String getMessage() {
    return String.join(" ", what(), state, mend).strip();
  }
}

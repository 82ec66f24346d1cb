package io.tideline.services.web;

/** A request that is answered with an error. */
public final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  /** An answer of this status; the message is for people, the code for programs. */
  public Refused(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** What the request says is wrong. */
  public static Refused bad(String message) {
    return new Refused(400, "bad_request", message);
  }

  /** There is no such thing. */
  public static Refused missing(String message) {
    return new Refused(404, "not_found", message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}

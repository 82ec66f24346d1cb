package io.tideline.health;

/**
 * One step that mends a finding, to be taken as it stands.
 *
 * @param kind where it is typed
 * @param text one statement or command
 * @param note what it costs or needs, or another way; may be empty
 */
public record Remedy(Kind kind, String text, String note) {
  /** Where a remedy is typed. */
  public enum Kind {
    /** Into the database's own shell. */
    SQL,
    /** Into the system's shell. */
    SHELL
  }

  /** A statement. */
  public static Remedy sql(String text) {
    return new Remedy(Kind.SQL, text, "");
  }

  /** A statement, with what it costs or needs. */
  public static Remedy sql(String text, String note) {
    return new Remedy(Kind.SQL, text, note);
  }

  /** A command, Tideline's own among them. */
  public static Remedy shell(String text, String note) {
    return new Remedy(Kind.SHELL, text, note);
  }
}

package io.tideline.cli.output;

/**
 * Colours, or their absence.
 *
 * @param on whether escape sequences are written
 */
public record Style(boolean on) {
  /** A heading. */
  public String bold(String text) {
    return dress("1", text);
  }

  /** Something of less weight. */
  public String dim(String text) {
    return dress("2", text);
  }

  /** Something that went well. */
  public String good(String text) {
    return dress("32", text);
  }

  /** Something to look at. */
  public String warn(String text) {
    return dress("33", text);
  }

  /** Something that is wrong. */
  public String bad(String text) {
    return dress("31", text);
  }

  private String dress(String code, String text) {
    return on && !text.isEmpty() ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
  }
}

package io.tideline.config;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param line the line, from 1
 * @param column the column, from 1
 * @param what what is wrong, one sentence
 * @param mend what would be right, one sentence
 */
public record Problem(int line, int column, String what, String mend) {
  /** The form for messages: {@code 4:3 what mend}. */
  public String display() {
    return line + ":" + column + "  " + what + " " + mend;
  }
}

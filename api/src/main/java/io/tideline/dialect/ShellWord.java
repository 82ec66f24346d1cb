package io.tideline.dialect;

import java.util.regex.Pattern;

/** A text as a word of a command that a person types into a shell. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private ShellWord() {}

  /** The text as it is, in quotes where the shell would read it otherwise. */
  public static String of(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}

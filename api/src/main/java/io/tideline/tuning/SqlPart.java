package io.tideline.tuning;

import java.util.Locale;

/**
 * A piece of a statement.
 *
 * @param kind what it is
 * @param text as it is written, quotes and the colon of a parameter included
 */
public record SqlPart(Kind kind, String text) {
  /** What a piece is. */
  public enum Kind {
    /** Spaces, or a comment. */
    SPACE,
    /** A word without quotes, or a number. */
    WORD,
    /** A name in double or back quotes, or in brackets as SQLite has them. */
    NAME,
    /** A text, in single quotes or between dollar quotes. */
    TEXT,
    /** {@code :name}. */
    PARAMETER,
    /** One other sign. */
    SIGN
  }

  /** Whether it is this word, whatever its case, or this sign. */
  public boolean is(String word) {
    return (kind == Kind.WORD || kind == Kind.SIGN) && text.equalsIgnoreCase(word);
  }

  /** The text in upper case. */
  public String upper() {
    return text.toUpperCase(Locale.ROOT);
  }

  /** Whether it may name something: a word or a quoted name. */
  public boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }

  /** The name without its quotes, the doubled ones inside single again; a word as it is. */
  public String name() {
    if (kind != Kind.NAME) {
      return text;
    }
    String quote = text.substring(text.length() - 1);
    return text.substring(1, text.length() - 1).replace(quote + quote, quote);
  }
}

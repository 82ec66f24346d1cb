package io.tideline.cli.output;

import java.io.PrintStream;
import java.util.Locale;

/** The forms in which rows are written. */
public enum Form {
  /** An aligned table. */
  TABLE,
  /** Comma-separated values. */
  CSV,
  /** One JSON array of objects. */
  JSON,
  /** One JSON object per line. */
  JSONL;

  /** A writer of this form. */
  public Answer to(PrintStream out, Style style) {
    return switch (this) {
      case TABLE -> new TableAnswer(out, style);
      case CSV -> new CsvAnswer(out);
      case JSON -> new JsonAnswer(out, false);
      case JSONL -> new JsonAnswer(out, true);
    };
  }

  /** The word in options, and the ending of files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

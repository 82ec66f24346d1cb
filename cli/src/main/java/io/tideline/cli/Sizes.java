package io.tideline.cli;

import io.tideline.cli.output.Words;
import io.tideline.dialect.DatabaseSize;

/** The size of a database in words. */
final class Sizes {
  private Sizes() {}

  static String display(DatabaseSize size) {
    StringBuilder text = new StringBuilder(Words.bytes(size.total()));
    if (size.free() > 0) {
      text.append(", of which ").append(Words.bytes(size.free())).append(" free inside");
    }
    if (size.log() > 0) {
      text.append(", and a write-ahead log of ").append(Words.bytes(size.log()));
    }
    return text.toString();
  }
}

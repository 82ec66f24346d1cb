package io.tideline.text;

import java.io.IOException;

/** Where the values of a row go, one after another, in one form. */
interface Cells {
  void beginRow() throws IOException;

  /** Begins the value of column {@code i}; exactly one of the other methods follows. */
  void beginCell(int i) throws IOException;

  /** No value. */
  void nothing() throws IOException;

  /** A number or a truth, in ASCII. */
  void word(String ascii) throws IOException;

  /** A real and its digits. */
  void real(double value, String ascii) throws IOException;

  /** Written before and after plain ASCII that is no word. */
  void quote() throws IOException;

  void text(byte[] utf8) throws IOException;

  /** Valid JSON. */
  void json(byte[] utf8) throws IOException;

  void bytes(byte[] bytes) throws IOException;

  void endRow() throws IOException;

  void finish() throws IOException;
}

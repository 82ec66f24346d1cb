package io.tideline.text;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>. */
final class CsvCells implements Cells {
  private final TextBuffer out;

  CsvCells(TextBuffer out, List<String> names) throws IOException {
    this.out = out;
    for (int i = 0; i < names.size(); i++) {
      beginCell(i);
      text(names.get(i).getBytes(StandardCharsets.UTF_8));
    }
    endRow();
  }

  @Override
  public void beginRow() {}

  @Override
  public void beginCell(int i) throws IOException {
    if (i > 0) {
      out.write(',');
    }
  }

  @Override
  public void nothing() {}

  @Override
  public void word(String ascii) throws IOException {
    out.ascii(ascii);
  }

  @Override
  public void real(double value, String ascii) throws IOException {
    out.ascii(ascii);
  }

  @Override
  public void quote() {}

  @Override
  public void text(byte[] utf8) throws IOException {
    byte[] valid = ValidText.of(utf8);
    if (!needsQuotes(valid)) {
      out.write(valid);
      return;
    }
    out.write('"');
    for (byte b : valid) {
      if (b == '"') {
        out.write('"');
      }
      out.write(b);
    }
    out.write('"');
  }

  private static boolean needsQuotes(byte[] text) {
    for (byte b : text) {
      if (b == ',' || b == '"' || b == '\n' || b == '\r') {
        return true;
      }
    }
    return text.length == 0;
  }

  @Override
  public void json(byte[] utf8) throws IOException {
    text(utf8);
  }

  @Override
  public void bytes(byte[] bytes) throws IOException {
    out.ascii("\\x");
    out.hex(bytes);
  }

  @Override
  public void endRow() throws IOException {
    out.write('\r');
    out.write('\n');
  }

  @Override
  public void finish() {}
}

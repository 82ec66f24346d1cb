package io.tideline.text;

import io.tideline.archive.JsonText;
import java.io.IOException;
import java.util.List;

/** JSON objects, in one array or one to a line. */
final class JsonCells implements Cells {
  private final TextBuffer out;
  private final byte[][] names;
  private final boolean lines;
  private boolean any;

  JsonCells(TextBuffer out, List<String> names, boolean lines) throws IOException {
    this.out = out;
    this.names = names.stream().map(JsonText::of).toArray(byte[][]::new);
    this.lines = lines;
    if (!lines) {
      out.write('[');
    }
  }

  @Override
  public void beginRow() throws IOException {
    if (!lines) {
      out.ascii(any ? ",\n" : "\n");
    }
    any = true;
    out.write('{');
  }

  @Override
  public void beginCell(int i) throws IOException {
    if (i > 0) {
      out.write(',');
    }
    out.write(names[i]);
    out.write(':');
  }

  @Override
  public void nothing() throws IOException {
    out.ascii("null");
  }

  @Override
  public void word(String ascii) throws IOException {
    out.ascii(ascii);
  }

  @Override
  public void real(double value, String ascii) throws IOException {
    boolean finite = Math.abs(value) <= Double.MAX_VALUE;
    if (finite) {
      out.ascii(ascii);
    } else {
      quote();
      out.ascii(ascii);
      quote();
    }
  }

  @Override
  public void quote() throws IOException {
    out.write('"');
  }

  @Override
  public void text(byte[] utf8) throws IOException {
    JsonText.write(out, ValidText.of(utf8));
  }

  /** Control characters stand only between JSON's tokens; a line feed would break the line. */
  @Override
  public void json(byte[] utf8) throws IOException {
    for (byte b : utf8) {
      out.write(b >= 0 && b < ' ' ? ' ' : b);
    }
  }

  @Override
  public void bytes(byte[] bytes) throws IOException {
    out.ascii("\"\\\\x");
    out.hex(bytes);
    out.write('"');
  }

  @Override
  public void endRow() throws IOException {
    out.write('}');
    if (lines) {
      out.write('\n');
    }
  }

  @Override
  public void finish() throws IOException {
    if (!lines) {
      out.ascii(any ? "\n]\n" : "]\n");
    }
  }
}

package io.tideline.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Takes any amount, and passes so many bytes on. */
final class BoundedOutput extends FilterOutputStream {
  private long left;

  BoundedOutput(OutputStream out, long most) {
    super(out);
    this.left = most;
  }

  @Override
  public void write(int b) throws IOException {
    if (left > 0) {
      left--;
      out.write(b);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    int some = (int) Math.min(left, count);
    left -= some;
    out.write(bytes, from, some);
  }
}

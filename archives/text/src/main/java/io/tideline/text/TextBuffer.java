package io.tideline.text;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A buffer before a stream, with the few numbers that rows need in ASCII. Not thread-safe. */
final class TextBuffer extends OutputStream {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final int ROOM = 64;

  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 16];
  private final byte[] digits = new byte[20];
  private int length;

  TextBuffer(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    if (length == buffer.length) {
      drain();
    }
    buffer[length++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    if (count > buffer.length - length) {
      drain();
      if (count > buffer.length) {
        out.write(bytes, offset, count);
        return;
      }
    }
    System.arraycopy(bytes, offset, buffer, length, count);
    length += count;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  /** Writes a string of ASCII. */
  @SuppressWarnings("deprecation") // the one copy of ASCII that makes no garbage
  void ascii(String text) throws IOException {
    if (text.length() > buffer.length - length) {
      drain();
    }
    text.getBytes(0, text.length(), buffer, length);
    length += text.length();
  }

  /** Writes an integer in decimal digits. */
  void integer(long value) throws IOException {
    if (value == Long.MIN_VALUE) {
      ascii(Long.toString(value));
      return;
    }
    long rest = Math.abs(value);
    int at = digits.length;
    do {
      digits[--at] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    if (value < 0) {
      digits[--at] = '-';
    }
    write(digits, at, digits.length - at);
  }

  /** Writes a number that is not negative with leading zeros. */
  void padded(long value, int width) throws IOException {
    if (buffer.length - length < ROOM) {
      drain();
    }
    long rest = value;
    for (int i = width - 1; i >= 0; i--) {
      buffer[length + i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += width;
  }

  /** Writes two hexadecimal digits for each byte. */
  void hex(byte[] bytes) throws IOException {
    for (byte b : bytes) {
      if (buffer.length - length < 2) {
        drain();
      }
      buffer[length++] = HEX[b >> 4 & 15];
      buffer[length++] = HEX[b & 15];
    }
  }

  private void drain() throws IOException {
    out.write(buffer, 0, length);
    length = 0;
  }

  @Override
  public void flush() throws IOException {
    drain();
    out.flush();
  }

  /** Closes the stream beneath; what is not flushed is dropped. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}

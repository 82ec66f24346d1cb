package io.tideline.text;

import io.tideline.archive.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Takes the tokens of a JSONL file one by one. What it cannot take is an {@link
 * IllegalArgumentException}. Not thread-safe.
 */
final class LineReader implements AutoCloseable {
  private static final int LARGE = 1 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private int at;
  private int end;
  private byte[] token = new byte[1 << 10];
  private int length;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** Whether nothing is left. */
  boolean atEnd() throws IOException {
    return at == end && !fill();
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  /** The next byte, which stays. */
  byte peek() throws IOException {
    if (at == end && !fill()) {
      throw new IllegalArgumentException("it ends within a line");
    }
    return buffer[at];
  }

  private byte take() throws IOException {
    byte b = peek();
    at++;
    return b;
  }

  /** Takes exactly these bytes. */
  void expect(byte[] wanted) throws IOException {
    if (end - at >= wanted.length) {
      if (!Arrays.equals(buffer, at, at + wanted.length, wanted, 0, wanted.length)) {
        throw new IllegalArgumentException("another member was expected");
      }
      at += wanted.length;
      return;
    }
    for (byte b : wanted) {
      if (take() != b) {
        throw new IllegalArgumentException("another member was expected");
      }
    }
  }

  /** Takes these bytes if they come next in the buffer, which they do unless another key does. */
  boolean skip(byte[] wanted) throws IOException {
    refill(wanted.length);
    if (end - at < wanted.length
        || !Arrays.equals(buffer, at, at + wanted.length, wanted, 0, wanted.length)) {
      return false;
    }
    at += wanted.length;
    return true;
  }

  /** Makes that many bytes stand in the buffer, if the file has them. */
  private void refill(int wanted) throws IOException {
    if (end - at >= wanted || wanted > buffer.length) {
      return;
    }
    System.arraycopy(buffer, at, buffer, 0, end - at);
    end -= at;
    at = 0;
    while (end < wanted) {
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        return;
      }
      end += read;
    }
  }

  /** Takes the bytes up to a comma, a closing brace or a line feed as the token. */
  void bare() throws IOException {
    length = 0;
    for (byte b = peek(); b != ',' && b != '}' && b != '\n'; b = peek()) {
      append(b);
      at++;
    }
  }

  /** Takes a string as the token, without its quotes and with its escapes. */
  void string() throws IOException {
    if (take() != '"') {
      throw new IllegalArgumentException("a string was expected");
    }
    length = 0;
    while (true) {
      peek();
      int from = at;
      while (at < end && plain(buffer[at])) {
        at++;
      }
      append(buffer, from, at - from);
      if (at < end) {
        byte b = take();
        if (b == '"') {
          return;
        }
        if (b != '\\') {
          throw new IllegalArgumentException("a string was expected to end");
        }
        append(b);
        append(take());
      }
    }
  }

  private static boolean plain(byte b) {
    return b != '"' && b != '\\' && (b >= 0x20 || b < 0);
  }

  /** Takes a string of hexadecimal digits as the bytes that they mean. */
  byte[] hex() throws IOException {
    if (take() != '"') {
      throw new IllegalArgumentException("a string was expected");
    }
    length = 0;
    for (byte high = take(); high != '"'; high = take()) {
      append((byte) (digit(high) << 4 | digit(take())));
    }
    return released(Arrays.copyOf(token, length));
  }

  private static int digit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    if (b >= 'a' && b <= 'f') {
      return b - 'a' + 10;
    }
    throw new IllegalArgumentException("pairs of hexadecimal digits were expected");
  }

  /** Lets a large token go, of which a value was made. */
  private byte[] released(byte[] value) {
    if (token.length > LARGE) {
      token = new byte[1 << 10];
      length = 0;
    }
    return value;
  }

  /** Takes an object as the token, braces included. */
  void object() throws IOException {
    byte[] all = new byte[256];
    int size = 0;
    int depth = 0;
    do {
      byte b = peek();
      int from;
      if (b == '"') {
        string();
        all = room(all, size, length + 2);
        all[size] = '"';
        System.arraycopy(token, 0, all, size + 1, length);
        size += length + 1;
        from = '"';
      } else {
        from = take();
        depth += b == '{' ? 1 : b == '}' ? -1 : 0;
        all = room(all, size, 1);
      }
      if (b == '\n') {
        throw new IllegalArgumentException("an object was expected to end");
      }
      all[size++] = (byte) from;
    } while (depth > 0);
    token = all;
    length = size;
  }

  private static byte[] room(byte[] array, int size, int more) {
    return array.length - size >= more
        ? array
        : Arrays.copyOf(array, Math.max(Math.addExact(size, more), array.length * 2));
  }

  private void append(byte b) {
    token = room(token, length, 1);
    token[length++] = b;
  }

  private void append(byte[] bytes, int from, int count) {
    token = room(token, length, count);
    System.arraycopy(bytes, from, token, length, count);
    length += count;
  }

  /** The token's bytes; only the first {@link #length()} mean anything. */
  byte[] token() {
    return token;
  }

  /** The token's length. */
  int length() {
    return length;
  }

  /** The token as text, escapes resolved. */
  byte[] text() {
    return released(JsonText.read(token, 0, length));
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

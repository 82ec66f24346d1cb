package io.tideline.text;

import io.tideline.archive.ExactValues;
import io.tideline.archive.NaturalValues;
import io.tideline.archive.SegmentReader;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.NaturalType;
import io.tideline.row.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Reads one segment line by line, taking only what the writer writes. */
final class JsonlSegmentReader implements SegmentReader {
  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final LineReader in;
  private final NaturalType[] types;
  private final byte[][] keys;
  private final byte[] exactKey;
  private final byte[] ordinalKey;
  private final ExactValues exact;
  private long rows;

  private JsonlSegmentReader(Path path, SegmentSchema schema, LineReader in) {
    this.path = path;
    this.in = in;
    types = schema.columns().stream().map(c -> c.type()).toArray(NaturalType[]::new);
    exact = new ExactValues(schema);
    keys = JsonlKeys.columns(schema);
    exactKey = JsonlKeys.exact(schema);
    ordinalKey = JsonlKeys.ordinal(schema);
  }

  static SegmentReader open(Path path, SegmentSchema schema) throws IOException {
    try {
      return new JsonlSegmentReader(path, schema, new LineReader(Files.newInputStream(path)));
    } catch (NoSuchFileException e) {
      throw SegmentReader.corrupt(path, "it is missing", e);
    }
  }

  @Override
  public boolean next(Row row) throws IOException {
    if (in.atEnd()) {
      return false;
    }
    try {
      line(row);
    } catch (RuntimeException e) {
      String why = e instanceof IllegalArgumentException ? plain(e) : "it cannot be decoded";
      throw SegmentReader.corrupt(path, "line " + (rows + 1) + ": " + why, e);
    }
    rows++;
    return true;
  }

  /** A message of the JDK may hold what it could not parse; ours never do. */
  private static String plain(RuntimeException e) {
    return e.getClass() == IllegalArgumentException.class && e.getCause() == null
        ? String.valueOf(e.getMessage())
        : "it cannot be decoded";
  }

  private void line(Row row) throws IOException {
    for (int i = 0; i < types.length; i++) {
      in.expect(keys[i]);
      row.setNull(i); // the last row's value may be large, and so the next
      if (in.peek() == 'n') {
        in.expect(NULL);
      } else {
        value(row, i);
      }
    }
    if (in.skip(exactKey)) {
      in.object();
      exact.read(Arrays.copyOf(in.token(), in.length()), row);
    }
    in.expect(ordinalKey);
    in.bare();
    if (integer() != rows) {
      throw new IllegalArgumentException("it has the number of another row");
    }
    in.expect(END);
  }

  private void value(Row row, int i) throws IOException {
    NaturalType.Family family = types[i].family();
    switch (family) {
      case INT32, INT64 -> {
        in.bare();
        row.setInteger(i, integer());
      }
      case BOOLEAN -> {
        in.bare();
        row.setInteger(i, truth());
      }
      case FLOAT32, FLOAT64 -> {
        in.bare();
        row.setReal(i, real(family == NaturalType.Family.FLOAT32));
      }
      case TEXT, JSON, UUID, DECIMAL -> {
        in.string();
        row.setText(i, in.text());
      }
      case BLOB -> {
        row.setBlob(i, in.hex());
      }
      default -> {
        in.string();
        row.setInteger(i, time(family));
      }
    }
    if (!NaturalValues.keeps(types[i], row, i)) {
      throw new IllegalArgumentException("it holds a value that its column cannot");
    }
  }

  private long integer() {
    byte[] token = in.token();
    int length = in.length();
    int start = length > 0 && token[0] == '-' ? 1 : 0;
    boolean zeros = length - start > 1 && token[start] == '0';
    if (length == start || zeros || length - start > 19) {
      throw new IllegalArgumentException("an integer was expected");
    }
    long negative = 0;
    for (int i = start; i < length; i++) {
      int digit = token[i] - '0';
      if (digit < 0 || digit > 9) {
        throw new IllegalArgumentException("an integer was expected");
      }
      long next = negative * 10 - digit;
      if (next > 0 || negative < Long.MIN_VALUE / 10) {
        throw new IllegalArgumentException("an integer was expected");
      }
      negative = next;
    }
    if (start == 0 && negative == Long.MIN_VALUE || start == 1 && negative == 0) {
      throw new IllegalArgumentException("an integer was expected");
    }
    return start == 1 ? negative : -negative;
  }

  private long truth() {
    return switch (ascii()) {
      case "true" -> 1;
      case "false" -> 0;
      default -> throw new IllegalArgumentException("true or false was expected");
    };
  }

  private double real(boolean single) {
    String number = ascii();
    for (int i = 0; i < number.length(); i++) {
      if ("+-.0123456789E".indexOf(number.charAt(i)) < 0) {
        throw new IllegalArgumentException("a number was expected");
      }
    }
    return single ? Float.parseFloat(number) : Double.parseDouble(number);
  }

  private String ascii() {
    return new String(in.token(), 0, in.length(), StandardCharsets.ISO_8859_1);
  }

  private long time(NaturalType.Family family) {
    byte[] token = in.token();
    int length = in.length();
    return switch (family) {
      case DATE -> IsoTime.parseDay(token, 0, length);
      case TIME -> IsoTime.parseTime(token, 0, length);
      case TIMESTAMP -> IsoTime.parseTimestamp(token, 0, length, false);
      case TIMESTAMP_UTC -> IsoTime.parseTimestamp(token, 0, length, true);
      default -> throw new IllegalArgumentException("no time");
    };
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

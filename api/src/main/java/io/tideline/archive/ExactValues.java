package io.tideline.archive;

import io.tideline.row.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values of a row that natural columns cannot keep, in the form that {@link
 * SegmentSchema#EXACT} describes, without white space. One instance serves one segment, row after
 * row. Not thread-safe.
 */
public final class ExactValues {
  private static final HexFormat HEX = HexFormat.of();
  private static final int PIECE = 1 << 16;

  private final SegmentSchema schema;
  private final byte[][] names;
  private final long[] counts;
  private final Map<String, Integer> positions = new HashMap<>();
  private ByteArrayOutputStream json = new ByteArrayOutputStream();

  /** Begins a segment of {@code schema}. */
  public ExactValues(SegmentSchema schema) {
    this.schema = schema;
    int width = schema.columns().size();
    names = new byte[width][];
    counts = new long[width];
    for (int i = 0; i < width; i++) {
      names[i] = JsonText.of(schema.columns().get(i).name());
      positions.put(schema.columns().get(i).name(), i);
    }
  }

  /** Adds value {@code i} of {@code row}, which is not null. */
  public void add(Row row, int i) {
    counts[i]++;
    json.write(json.size() == 0 ? '{' : ',');
    json.writeBytes(names[i]);
    switch (row.kind(i)) {
      case INTEGER -> member("integer", Long.toString(row.integer(i)));
      case REAL -> member("real", HEX.toHexDigits(row.bits(i)));
      case BLOB -> hex("blob", row.bytes(i));
      case TEXT -> text(row.bytes(i));
      case NULL -> throw new IllegalArgumentException("Cannot keep a value that is absent");
    }
  }

  private void member(String kind, String value) {
    json.writeBytes((":{\"" + kind + "\":\"" + value + "\"}").getBytes(StandardCharsets.US_ASCII));
  }

  /** In pieces, because a blob may be large and its digits are twice as many. */
  private void hex(String kind, byte[] bytes) {
    json.writeBytes((":{\"" + kind + "\":\"").getBytes(StandardCharsets.US_ASCII));
    for (int from = 0; from < bytes.length; from += PIECE) {
      int to = Math.min(bytes.length, from + PIECE);
      json.writeBytes(HEX.formatHex(bytes, from, to).getBytes(StandardCharsets.US_ASCII));
    }
    json.write('"');
    json.write('}');
  }

  private void text(byte[] bytes) {
    if (!NaturalValues.isText(bytes)) {
      hex("text-hex", bytes);
      return;
    }
    try {
      json.writeBytes(":{\"text\":".getBytes(StandardCharsets.US_ASCII));
      JsonText.write(json, bytes);
      json.write('}');
    } catch (IOException e) {
      throw new AssertionError("a stream in memory does not fail", e);
    }
  }

  /** Whether nothing was added since the last {@link #take}. */
  public boolean isEmpty() {
    return json.size() == 0;
  }

  /** The JSON object of what was added, which is then forgotten. */
  public byte[] take() {
    json.write('}');
    byte[] object = json.toByteArray();
    if (object.length > PIECE) {
      json = new ByteArrayOutputStream();
    } else {
      json.reset();
    }
    return object;
  }

  /** How many values of each column were added in all; columns without any are left out. */
  public Map<String, Long> counts() {
    Map<String, Long> all = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        all.put(schema.columns().get(i).name(), counts[i]);
      }
    }
    return all;
  }

  /**
   * Fills {@code row} with the values of an object that {@link #take} gave.
   *
   * @throws IllegalArgumentException if it is none, or names a column that the segment lacks
   */
  public void read(byte[] object, Row row) {
    new Reading(object, row).run();
  }

  /** One object being read. */
  private final class Reading {
    private final byte[] array;
    private final Row row;
    private int at;

    Reading(byte[] array, Row row) {
      this.array = array;
      this.row = row;
    }

    void run() {
      expect('{');
      do {
        String name = string();
        Integer position = positions.get(name);
        if (position == null || !row.isNull(position)) {
          throw new IllegalArgumentException("exact values of a column that cannot have them");
        }
        expect(':');
        expect('{');
        String kind = string();
        expect(':');
        value(kind, position);
        expect('}');
      } while (next() == ',');
      if (array[at - 1] != '}' || at != array.length) {
        throw new IllegalArgumentException("exact values that do not end");
      }
    }

    private void value(String kind, int i) {
      byte[] value = bytes();
      switch (kind) {
        case "integer" -> row.setInteger(i, Long.parseLong(ascii(value)));
        case "real" -> row.setReal(i, Double.longBitsToDouble(bits(ascii(value))));
        case "text" -> row.setText(i, value);
        case "text-hex" -> row.setText(i, HEX.parseHex(ascii(value)));
        case "blob" -> row.setBlob(i, HEX.parseHex(ascii(value)));
        default -> throw new IllegalArgumentException("an exact value of an unknown kind");
      }
    }

    private long bits(String hex) {
      if (hex.length() != 16) {
        throw new IllegalArgumentException("a real that has not 16 digits");
      }
      return HexFormat.fromHexDigitsToLong(hex);
    }

    private String ascii(byte[] value) {
      return new String(value, StandardCharsets.ISO_8859_1);
    }

    private String string() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
      expect('"');
      int from = at;
      for (byte b = next(); b != '"'; b = next()) {
        if (b == '\\') {
          next();
        }
      }
      return JsonText.read(array, from, at - 1);
    }

    private void expect(char wanted) {
      if (next() != wanted) {
        throw new IllegalArgumentException("exact values that are not in their form");
      }
    }

    private byte next() {
      if (at == array.length) {
        throw new IllegalArgumentException("exact values that do not end");
      }
      return array[at++];
    }
  }
}

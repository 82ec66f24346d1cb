package io.tideline.text;

import io.tideline.archive.JsonText;
import io.tideline.archive.SegmentSchema;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What stands before each value of a line: the separator, the member's name and a colon. */
final class JsonlKeys {
  private JsonlKeys() {}

  static byte[][] columns(SegmentSchema schema) {
    List<String> names = schema.fileNames();
    byte[][] keys = new byte[names.size()][];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = key(i == 0 ? '{' : ',', names.get(i));
    }
    return keys;
  }

  static byte[] exact(SegmentSchema schema) {
    return key(separator(schema), schema.exactColumn());
  }

  static byte[] ordinal(SegmentSchema schema) {
    return key(separator(schema), schema.ordinalColumn());
  }

  private static char separator(SegmentSchema schema) {
    return schema.columns().isEmpty() ? '{' : ',';
  }

  private static byte[] key(char separator, String name) {
    ByteArrayOutputStream key = new ByteArrayOutputStream();
    key.write(separator);
    key.writeBytes(JsonText.of(name));
    key.write(':');
    return key.toByteArray();
  }
}

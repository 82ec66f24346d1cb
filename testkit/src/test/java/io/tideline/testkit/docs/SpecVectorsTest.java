package io.tideline.testkit.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.dynatrace.hash4j.hashing.Hashing;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.digest.RowDigest;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.Row;
import io.tideline.text.JsonlFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The test vectors of the archive's specification are what the code computes. */
final class SpecVectorsTest {
  private static final String SPEC = Docs.text("docs/spec/archive-v1.md");
  private static final Pattern VECTOR =
      Pattern.compile("\\| ([^|]+) \\| (?:`([0-9a-f]+)`|\\(empty\\)) \\| `([0-9a-f]{32})` \\|");
  private static final byte[] NO_UTF8 = {(byte) 0xff, 0x41};

  @Test
  void encodingsAndDigestsAreTheCodes() {
    Map<String, Row> rows = rows();
    RowDigest digest = new RowDigest();
    int found = 0;
    Matcher vector = VECTOR.matcher(SPEC);
    while (vector.find()) {
      Row row = rows.get(vector.group(1));
      assertThat(row).as(vector.group(1)).isNotNull();
      CanonicalBuffer buffer = new CanonicalBuffer(16).append(row);
      String hex = HexFormat.of().formatHex(buffer.array(), 0, buffer.length());
      assertThat(hex).as(vector.group(1)).isEqualTo(vector.group(2) == null ? "" : vector.group(2));
      digest.update(row, 0, row.width());
      digest.accumulate();
      assertThat(String.format("%016x%016x", digest.high(), digest.low()))
          .as(vector.group(1))
          .isEqualTo(vector.group(3));
      found++;
    }

    assertThat(found).isEqualTo(rows.size());
    assertThat(SPEC).contains("Running digest of no row: `" + new RowDigest().running() + "`");
    assertThat(SPEC).contains("`" + digest.running() + "`.");
  }

  @Test
  void theRunningDigestIsOverDigestsLowerHalfFirstLittleEndian() {
    Row row = Row.ofInteger(1);
    RowDigest one = new RowDigest();
    one.update(row, 0, 1);
    one.accumulate();
    byte[] bytes =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(one.low())
            .putLong(one.high())
            .array();

    var hash = Hashing.xxh3_128().hashBytesTo128Bits(bytes);

    assertThat(one.running())
        .isEqualTo(
            String.format(
                "%016x%016x", hash.getMostSignificantBits(), hash.getLeastSignificantBits()));
  }

  @Test
  void theExampleIsASegmentThatItsManifestSeals(@TempDir Path folder) throws IOException {
    Manifest manifest = Json.read(fenced("json"), Manifest.class, "the specification");
    Manifest.Segment segment = manifest.segments().get(0);
    Path file = Files.writeString(folder.resolve(segment.file()), fenced("jsonl"));
    List<String> rows = new ArrayList<>();

    new SegmentFile(file, segment, new JsonlFormat())
        .verify((ordinal, row, digest) -> rows.add(row.toString()));

    assertThat(manifest.name()).isEqualTo("20261121T025016009Z-2c0e42/0001");
    assertThat(rows)
        .containsExactly(
            "Row[INTEGER,TEXT,REAL,TEXT,TEXT]",
            "Row[INTEGER,TEXT,REAL,TEXT,INTEGER]",
            "Row[INTEGER,TEXT,TEXT,NULL,BLOB]",
            "Row[INTEGER,TEXT,NULL,TEXT,TEXT]");
  }

  /** The first block of a language, which ends with a line feed. */
  private static String fenced(String language) {
    String fence = "```" + language + "\n";
    int from = SPEC.indexOf(fence) + fence.length();
    return SPEC.substring(from, SPEC.indexOf("```", from));
  }

  private static Map<String, Row> rows() {
    Map<String, Row> rows = new LinkedHashMap<>();
    rows.put("no value at all", new Row(0));
    rows.put("null", new Row(1));
    rows.put("integer 1", Row.ofInteger(1));
    rows.put("integer -1", Row.ofInteger(-1));
    rows.put("integer 9007199254740993", Row.ofInteger(9007199254740993L));
    rows.put("real 1.5", Row.ofReal(1.5));
    rows.put("real -0.0", Row.ofReal(-0.0));
    rows.put(
        "real NaN, bits 7ff8000000000001",
        Row.ofReal(Double.longBitsToDouble(0x7ff8000000000001L)));
    rows.put("empty text", Row.ofText(""));
    rows.put("text héllo", Row.ofText("héllo"));
    Row bytes = new Row(1);
    bytes.setText(0, NO_UTF8);
    rows.put("text, bytes ff 41", bytes);
    Row blob = new Row(1);
    blob.setBlob(0, NO_UTF8);
    rows.put("blob ff 41", blob);
    Row several = new Row(4);
    several.setInteger(0, 42);
    several.setText(1, "acc-17".getBytes(StandardCharsets.UTF_8));
    several.setReal(3, 0.25);
    rows.put("integer 42, text acc-17, null, real 0.25", several);
    return rows;
  }
}

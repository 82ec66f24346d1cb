package io.tideline.testkit.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentFormat;
import io.tideline.archive.SegmentReader;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every segment format promises. */
abstract class SegmentFormatContract {
  @TempDir Path folder;

  /** The format's name. */
  abstract String name();

  /** Whether damage that leaves the form whole is found too. */
  abstract boolean findsAllDamage();

  private SegmentFormat format() {
    return load(name());
  }

  static SegmentFormat load(String name) {
    return ServiceLoader.load(SegmentFormat.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(format -> format.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  record Written(byte[] bytes, SegmentSchema schema, Map<String, Long> exceptions) {}

  static Written write(SegmentFormat format, SegmentSchema schema, List<Row> rows)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SegmentWriter writer = format.write(out, schema)) {
      Row passing = new Row(schema.columns().size());
      for (Row row : rows) {
        for (int i = 0; i < row.width(); i++) {
          passing.set(i, row, i);
        }
        writer.write(passing);
      }
      writer.finish();
      return new Written(out.toByteArray(), writer.schema(), writer.exceptions());
    }
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("segment." + format().extension()), bytes);
  }

  private List<Row> read(Path file, SegmentSchema schema) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (SegmentReader reader = format().read(file, schema)) {
      Row row = new Row(schema.columns().size());
      while (reader.next(row)) {
        rows.add(row.slice(0, row.width()));
      }
      assertThat(reader.next(row)).isFalse();
    }
    return rows;
  }

  @Test
  void random_rows_come_back_bit_for_bit() throws IOException {
    long first = new Random().nextLong(1_000_000);
    for (long seed = first; seed < first + 30; seed++) {
      RandomSegments random = new RandomSegments(seed);
      Random sizes = new Random(seed);
      SegmentSchema schema = random.schema(1 + sizes.nextInt(45));
      List<Row> rows = random.rows(schema, sizes.nextInt(sizes.nextInt(6) == 0 ? 3_000 : 200));
      try {
        Written written = write(format(), schema, rows);
        check(rows, read(file(written.bytes()), written.schema()), written);
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }

  private void check(List<Row> rows, List<Row> back, Written written) {
    assertThat(back).hasSize(rows.size());
    for (int r = 0; r < rows.size(); r++) {
      for (int i = 0; i < rows.get(r).width(); i++) {
        if (!rows.get(r).slice(i, i + 1).equals(back.get(r).slice(i, i + 1))) {
          fail(
              "row "
                  + r
                  + " "
                  + written.schema().columns().get(i)
                  + " "
                  + rows.get(r).display(i)
                  + " came back as "
                  + back.get(r).display(i));
        }
      }
    }
    assertThat(written.schema().columns()).noneMatch(c -> c.type().family() == Family.ANY);
  }

  @Test
  void every_kind_fits_every_type() throws IOException {
    for (Family family : Family.values()) {
      NaturalType type =
          family == Family.DECIMAL ? new NaturalType(family, 10, 2) : NaturalType.of(family);
      SegmentSchema schema = one("c", type);
      List<Row> rows = new ArrayList<>();
      for (long value : RandomSegments.LONGS) {
        rows.add(Row.ofInteger(value));
      }
      for (long bits : RandomSegments.REALS) {
        rows.add(Row.ofReal(Double.longBitsToDouble(bits)));
      }
      for (String text : RandomSegments.TEXTS) {
        rows.add(Row.ofText(text));
      }
      for (byte[] bytes : RandomSegments.BYTES) {
        Row text = new Row(1);
        text.setText(0, bytes);
        rows.add(text);
        Row blob = new Row(1);
        blob.setBlob(0, bytes);
        rows.add(blob);
      }
      rows.add(new Row(1));
      Written written = write(format(), schema, rows);
      check(rows, read(file(written.bytes()), written.schema()), written);
    }
  }

  private static SegmentSchema one(String name, NaturalType type) {
    return new SegmentSchema("t", List.of(new SegmentColumn(name, "", type)));
  }

  @Test
  void no_rows() throws IOException {
    SegmentSchema schema = one("c", NaturalType.of(Family.ANY));
    Written written = write(format(), schema, List.of());
    assertThat(written.schema().columns().get(0).type()).isEqualTo(NaturalType.of(Family.TEXT));
    assertThat(written.exceptions()).isEmpty();
    assertThat(read(file(written.bytes()), written.schema())).isEmpty();
  }

  @Test
  void any_becomes_what_most_values_are() throws IOException {
    Map<Family, List<Row>> cases = new HashMap<>();
    cases.put(Family.INT64, List.of(Row.ofInteger(1), Row.ofInteger(2), Row.ofText("x")));
    cases.put(Family.FLOAT64, List.of(Row.ofReal(1), Row.ofReal(2), Row.ofInteger(2)));
    cases.put(Family.TEXT, List.of(new Row(1), new Row(1), Row.ofText("")));
    for (Map.Entry<Family, List<Row>> each : cases.entrySet()) {
      Written written = write(format(), one("c", NaturalType.of(Family.ANY)), each.getValue());
      assertThat(written.schema().columns().get(0).type().family()).isEqualTo(each.getKey());
      check(each.getValue(), read(file(written.bytes()), written.schema()), written);
    }
    assertThat(
            write(format(), one("c", NaturalType.of(Family.ANY)), cases.get(Family.INT64))
                .exceptions())
        .isEqualTo(Map.of("c", 1L));
  }

  /** One row at a time is in memory, because four of them in all their forms fill the heap. */
  @Test
  void large_values_come_back() throws IOException {
    SegmentSchema schema =
        new SegmentSchema(
            "t",
            List.of(
                new SegmentColumn("a", "", NaturalType.of(Family.BLOB)),
                new SegmentColumn("b", "", NaturalType.of(Family.ANY))));
    Path file = folder.resolve("segment." + format().extension());
    SegmentSchema written;
    try (OutputStream out = Files.newOutputStream(file);
        SegmentWriter writer = format().write(out, schema)) {
      for (int i = 0; i < 4; i++) {
        writer.write(large(i));
      }
      writer.finish();
      written = writer.schema();
    }
    try (SegmentReader reader = format().read(file, written)) {
      Row back = new Row(2);
      for (int i = 0; i < 4; i++) {
        assertThat(reader.next(back)).isTrue();
        assertThat(back.equals(large(i))).as("row %s", i).isTrue();
      }
      assertThat(reader.next(back)).isFalse();
    }
  }

  private static Row large(int i) {
    Row row = new Row(2);
    byte[] bytes = new byte[10 << 20];
    new Random(i).nextBytes(bytes);
    row.setBlob(i % 2, bytes);
    byte[] text = new byte[3 << 20];
    Arrays.fill(text, (byte) (i == 2 ? '"' : 'x'));
    row.setText(1 - i % 2, text);
    return row;
  }

  @Test
  void damage_is_told_as_corruption() throws IOException {
    long seed = new Random().nextLong(1_000_000);
    RandomSegments random = new RandomSegments(seed);
    SegmentSchema schema = random.schema(12);
    List<Row> rows = random.rows(schema, 700);
    Written written = write(format(), schema, rows);
    Random places = new Random(seed);
    int unseen = 0;
    for (int i = 0; i < 200; i++) {
      byte[] bytes = written.bytes().clone();
      boolean flip = i % 2 == 0;
      int place = places.nextInt(bytes.length);
      if (flip) {
        bytes[place] ^= (byte) (1 << places.nextInt(8));
      } else {
        bytes = Arrays.copyOf(bytes, place);
      }
      Path file = file(bytes);
      try {
        List<Row> back = read(file, written.schema());
        boolean same = back.equals(rows); // a bit that means nothing; the file's SHA-256 finds it
        assertThat(same && !flip).as("seed %s place %s", seed, place).isFalse();
        unseen += same ? 0 : 1;
      } catch (TidelineException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT);
        assertThat(e).hasMessageContaining(file.toString());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + " place " + place + " flip " + flip, e);
      }
    }
    System.out.println(name() + ": " + unseen + " of 200 damages left to the digest");
    if (findsAllDamage()) {
      assertThat(unseen).isZero();
    }
  }

  @Test
  void what_is_no_segment_is_corrupt() throws IOException {
    SegmentSchema schema = one("c", NaturalType.of(Family.INT32));
    Written written = write(format(), schema, List.of(Row.ofInteger(1)));
    byte[] noise = new byte[5_000];
    new Random(7).nextBytes(noise);
    for (byte[] bytes :
        List.of(new byte[9_000], noise, "PAR1PAR1".getBytes(StandardCharsets.US_ASCII))) {
      Path file = file(bytes);
      assertCorrupt(() -> read(file, schema), file);
    }
    Path other = file(written.bytes());
    assertCorrupt(() -> read(other, one("d", NaturalType.of(Family.INT32))), other);
    assertCorrupt(() -> read(other, one("c", NaturalType.of(Family.TEXT))), other);
    Path missing = folder.resolve("missing");
    assertCorrupt(() -> read(missing, schema), missing);
  }

  private static void assertCorrupt(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable reading, Path file) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            TidelineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ARCHIVE_CORRUPT))
        .hasMessageStartingWith("Cannot read segment " + file + ": ")
        .hasMessageContaining("Bring the file back");
  }

  @Test
  void a_full_disk_is_told_as_it_was() throws IOException {
    RandomSegments random = new RandomSegments(3);
    SegmentSchema schema = random.schema(20);
    List<Row> rows = random.rows(schema, 2_500);
    int size = write(format(), schema, rows).bytes().length;
    for (int room = 0; room < size; room += 1 + size / 40) {
      FullDisk disk = new FullDisk(room);
      SegmentWriter writer = format().write(disk, schema);
      IOException failure = null;
      try {
        for (Row row : rows) {
          writer.write(row);
        }
        writer.finish();
      } catch (IOException e) {
        failure = e;
      }
      assertThat(failure).as("room %s", room).isNotNull().hasMessage("No space left on device");
      writer.close();
      writer.close();
      assertThat(disk.closed).isTrue();
    }
  }

  /** A stream that fails after some bytes, at closing too. */
  static final class FullDisk extends OutputStream {
    private int room;
    private boolean closed;

    FullDisk(int room) {
      this.room = room;
    }

    @Override
    public void write(int b) throws IOException {
      if (--room < 0) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      room -= length;
      if (room < 0) {
        throw new IOException("No space left on device");
      }
    }

    @Override
    public void close() throws IOException {
      closed = true;
      throw new IOException("close failed");
    }
  }

  @Test
  void a_stream_that_fails_at_closing_is_told() throws IOException {
    FullDisk disk = new FullDisk(Integer.MAX_VALUE);
    SegmentWriter writer = format().write(disk, one("c", NaturalType.of(Family.INT32)));
    writer.write(Row.ofInteger(5));
    writer.finish();
    assertThatThrownBy(writer::close).isInstanceOf(IOException.class).hasMessage("close failed");
  }
}

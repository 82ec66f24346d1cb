package io.tideline.text;

import io.tideline.archive.ExactValues;
import io.tideline.archive.FirstRows;
import io.tideline.archive.JsonText;
import io.tideline.archive.NaturalValues;
import io.tideline.archive.SegmentSchema;
import io.tideline.archive.SegmentWriter;
import io.tideline.catalogue.NaturalType;
import io.tideline.row.Row;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one segment: holds the first rows back until the types are decided. */
final class JsonlSegmentWriter implements SegmentWriter {
  private final TextBuffer out;
  private @Nullable FirstRows first;
  private SegmentSchema schema;
  private NaturalType[] types = {};
  private final byte[][] keys;
  private final byte[] exactKey;
  private final byte[] ordinalKey;
  private final ExactValues exact;
  private long rows;
  private boolean finished;
  private boolean closed;
  private @Nullable IOException failure;

  JsonlSegmentWriter(OutputStream out, SegmentSchema schema) {
    this.out = new TextBuffer(out);
    this.schema = schema;
    first = new FirstRows(schema);
    exact = new ExactValues(schema);
    keys = JsonlKeys.columns(schema);
    exactKey = JsonlKeys.exact(schema);
    ordinalKey = JsonlKeys.ordinal(schema);
  }

  @Override
  public void write(Row row) throws IOException {
    if (first == null) {
      guarded(() -> line(row));
    } else if (!first.offer(row)) {
      guarded(
          () -> {
            begin();
            line(row);
          });
    }
  }

  private void begin() throws IOException {
    FirstRows held = first;
    if (held == null) {
      return;
    }
    first = null;
    schema = held.decide();
    types = schema.columns().stream().map(c -> c.type()).toArray(NaturalType[]::new);
    Row row = new Row(types.length);
    for (int i = 0; i < held.rows().size(); i++) {
      held.rows().get(i, row);
      line(row);
    }
  }

  private void line(Row row) throws IOException {
    for (int i = 0; i < types.length; i++) {
      out.write(keys[i]);
      if (!row.isNull(i) && !(NaturalValues.keeps(types[i], row, i) && value(row, i))) {
        exact.add(row, i);
        out.ascii("null");
      } else if (row.isNull(i)) {
        out.ascii("null");
      }
    }
    if (!exact.isEmpty()) {
      out.write(exactKey);
      out.write(exact.take());
    }
    out.write(ordinalKey);
    out.integer(rows++);
    out.write('}');
    out.write('\n');
  }

  /** Writes a value of the column's kind; false, and nothing written, if text cannot keep it. */
  private boolean value(Row row, int i) throws IOException {
    long bits = row.integer(i);
    switch (types[i].family()) {
      case INT32, INT64 -> out.integer(bits);
      case BOOLEAN -> out.ascii(bits == 1 ? "true" : "false");
      case TEXT, JSON, UUID, DECIMAL -> JsonText.write(out, row.bytes(i));
      case BLOB -> blob(row.bytes(i));
      case FLOAT32, FLOAT64 -> {
        return real(row.real(i), types[i].family() == NaturalType.Family.FLOAT32);
      }
      default -> {
        return time(bits, types[i].family());
      }
    }
    return true;
  }

  private void blob(byte[] bytes) throws IOException {
    out.write('"');
    out.hex(bytes);
    out.write('"');
  }

  private boolean real(double value, boolean single) throws IOException {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return false;
    }
    out.ascii(single ? Float.toString((float) value) : Double.toString(value));
    return true;
  }

  private boolean time(long value, NaturalType.Family family) throws IOException {
    boolean prints =
        switch (family) {
          case DATE -> IsoTime.printsDay(value);
          case TIME -> true;
          default -> IsoTime.printsMicros(value);
        };
    if (!prints) {
      return false;
    }
    out.write('"');
    switch (family) {
      case DATE -> IsoTime.day(out, value);
      case TIME -> IsoTime.time(out, value);
      default -> IsoTime.timestamp(out, value, family == NaturalType.Family.TIMESTAMP_UTC);
    }
    out.write('"');
    return true;
  }

  @Override
  public void finish() throws IOException {
    guarded(
        () -> {
          begin();
          out.flush();
        });
    finished = true;
  }

  private void guarded(Step step) throws IOException {
    if (failure != null) {
      throw new IOException("The segment cannot go on after a failure", failure);
    }
    try {
      step.run();
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public SegmentSchema schema() {
    checkFinished();
    return schema;
  }

  @Override
  public Map<String, Long> exceptions() {
    checkFinished();
    return exact.counts();
  }

  private void checkFinished() {
    if (!finished) {
      throw new IllegalStateException("The segment is not finished");
    }
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      out.close();
    } catch (IOException e) {
      // An unfinished file is of no use, and its owner already knows why.
      if (finished) {
        throw e;
      }
    }
  }

  private interface Step {
    void run() throws IOException;
  }
}

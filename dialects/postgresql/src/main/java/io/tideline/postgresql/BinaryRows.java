package io.tideline.postgresql;

import io.tideline.row.Row;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/**
 * Decodes the rows of a {@code COPY … TO STDOUT (FORMAT BINARY)}. The server sends a row a message,
 * but the protocol does not promise it, so that the messages are read as one stream.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, binary format</a>
 */
final class BinaryRows {
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int SIGNATURE = 11;
  private static final byte[] INFINITY = "infinity".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MINUS_INFINITY = "-infinity".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final CopyOut copy;
  private final Codec[] codecs;
  private byte[] array = {};
  private int at;
  private boolean started;

  BinaryRows(CopyOut copy, List<Codec> codecs) {
    this.copy = copy;
    this.codecs = codecs.toArray(Codec[]::new);
  }

  /**
   * Reads the next row.
   *
   * @return whether there was one; {@code false} only after the server has ended the copy
   */
  boolean next(Row row) throws SQLException {
    if (!started) {
      header();
    }
    need(2);
    int fields = (short) SHORT.get(array, at);
    at += 2;
    if (fields < 0) {
      byte[] beyond = copy.readFromCopy();
      if (beyond != null || at < array.length) {
        throw broken();
      }
      return false;
    }
    if (fields != codecs.length) {
      throw broken();
    }
    for (int i = 0; i < fields; i++) {
      field(row, i);
    }
    return true;
  }

  private void header() throws SQLException {
    need(SIGNATURE + 8);
    int extension = (int) INT.get(array, SIGNATURE + 4);
    need(SIGNATURE + 8 + extension);
    at = SIGNATURE + 8 + extension;
    started = true;
  }

  private void field(Row row, int i) throws SQLException {
    need(4);
    int length = (int) INT.get(array, at);
    at += 4;
    if (length < 0) {
      row.setNull(i);
      return;
    }
    need(length);
    decode(row, i, codecs[i], length);
    at += length;
  }

  private void decode(Row row, int i, Codec codec, int length) {
    switch (codec) {
      case BOOL -> row.setInteger(i, array[at]);
      case INT2 -> row.setInteger(i, (short) SHORT.get(array, at));
      case INT4 -> row.setInteger(i, (int) INT.get(array, at));
      case INT8, TIME -> row.setInteger(i, (long) LONG.get(array, at));
      case OID -> row.setInteger(i, Integer.toUnsignedLong((int) INT.get(array, at)));
      case FLOAT4 -> row.setReal(i, real(Float.intBitsToFloat((int) INT.get(array, at))));
      case FLOAT8 -> row.setReal(i, real(Double.longBitsToDouble((long) LONG.get(array, at))));
      case NUMERIC -> row.setText(i, NumericText.of(array, at));
      case TEXT, JSON, OUTPUT -> row.setText(i, Arrays.copyOfRange(array, at, at + length));
      // The first byte is the version of the form.
      case JSONB -> row.setText(i, Arrays.copyOfRange(array, at + 1, at + length));
      case UUID -> row.setText(i, uuid());
      case BYTEA -> row.setBlob(i, Arrays.copyOfRange(array, at, at + length));
      case DATE -> date(row, i, (int) INT.get(array, at));
      case TIMESTAMP -> timestamp(row, i, (long) LONG.get(array, at), "");
      case TIMESTAMPTZ -> timestamp(row, i, (long) LONG.get(array, at), "+00");
    }
  }

  /** A number; every NaN is one to the engine, which keeps no payload of it in text either. */
  private static double real(double value) {
    return Double.isNaN(value) ? Double.NaN : value;
  }

  private byte[] uuid() {
    byte[] text = new byte[36];
    int length = 0;
    for (int i = 0; i < 16; i++) {
      if (i == 4 || i == 6 || i == 8 || i == 10) {
        text[length++] = '-';
      }
      text[length++] = HEX[(array[at + i] >> 4) & 15];
      text[length++] = HEX[array[at + i] & 15];
    }
    return text;
  }

  private static void date(Row row, int i, int days) {
    if (days == Integer.MAX_VALUE) {
      row.setText(i, INFINITY);
    } else if (days == Integer.MIN_VALUE) {
      row.setText(i, MINUS_INFINITY);
    } else {
      row.setInteger(i, (long) days + TimeText.EPOCH_DAYS);
    }
  }

  private static void timestamp(Row row, int i, long micros, String zone) {
    if (micros == Long.MAX_VALUE) {
      row.setText(i, INFINITY);
    } else if (micros == Long.MIN_VALUE) {
      row.setText(i, MINUS_INFINITY);
    } else if (micros > Long.MAX_VALUE - TimeText.EPOCH_MICROS) {
      String text = TimeText.timestampSince2000(micros, zone);
      row.setText(i, text.getBytes(StandardCharsets.US_ASCII));
    } else {
      row.setInteger(i, micros + TimeText.EPOCH_MICROS);
    }
  }

  /** Makes sure that {@code bytes} more can be read at {@link #at}. */
  private void need(int bytes) throws SQLException {
    while (array.length - at < bytes) {
      byte @Nullable [] message = copy.readFromCopy();
      if (message == null) {
        throw broken();
      }
      if (at == array.length) {
        array = message;
      } else {
        byte[] both = Arrays.copyOfRange(array, at, array.length + message.length);
        System.arraycopy(message, 0, both, array.length - at, message.length);
        array = both;
      }
      at = 0;
    }
  }

  private static SQLException broken() {
    return new SQLException("the binary copy ended or continued where it must not", "08P01");
  }
}

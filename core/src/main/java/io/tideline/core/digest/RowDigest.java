package io.tideline.core.digest;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hasher128;
import com.dynatrace.hash4j.hashing.Hashing;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.Row;
import java.util.Locale;

/**
 * Digests rows one after the other: XXH3-128 (seed 0) over the canonical encoding of some of their
 * values, and a running digest of all rows since the start. Not thread-safe.
 */
public final class RowDigest {
  private static final Hasher128 XXH3 = Hashing.xxh3_128();

  private final CanonicalBuffer buffer = new CanonicalBuffer(1024);
  private final HashStream128 running = XXH3.hashStream();
  private long high;
  private long low;

  /** Digests the values {@code from} inclusive to {@code to} exclusive of a row. */
  public void update(Row row, int from, int to) {
    buffer.clear().append(row, from, to);
    HashValue128 value = XXH3.hashBytesTo128Bits(buffer.array(), 0, buffer.length());
    high = value.getMostSignificantBits();
    low = value.getLeastSignificantBits();
  }

  /** Takes the last row's digest into the running digest. */
  public void accumulate() {
    accumulate(high, low);
  }

  /** Takes a row's digest into the running digest. */
  public void accumulate(long h, long l) {
    running.putLong(l).putLong(h);
  }

  /** The upper 64 bits of the last row's digest. */
  public long high() {
    return high;
  }

  /** The lower 64 bits of the last row's digest. */
  public long low() {
    return low;
  }

  /** The canonical bytes of the last row. */
  public int encodedLength() {
    return buffer.length();
  }

  /** The running digest as 32 hexadecimal digits, upper half first. */
  public String running() {
    return hex(running.copy().get());
  }

  private static String hex(HashValue128 value) {
    return String.format(
        Locale.ROOT, "%016x%016x", value.getMostSignificantBits(), value.getLeastSignificantBits());
  }
}

package io.tideline.core.digest;

import io.tideline.row.Kind;
import io.tideline.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Digests values of keys and of what refers to them, so that a number has one digest whatever its
 * kind. How a database compares them is not known without it: collations that ignore case or
 * trailing spaces are met by folding. Not thread-safe.
 */
public final class KeyDigest {
  private static final Pattern ZEROS =
      Pattern.compile("(-?[0-9]+)\\.0*|(-?[0-9]+\\.[0-9]*[1-9])0+");
  private static final double WHOLE = 1L << 53;

  private final boolean folding;
  private final RowDigest digest = new RowDigest();

  private KeyDigest(boolean folding) {
    this.folding = folding;
  }

  /** Texts differ if a character does. */
  public static KeyDigest exact() {
    return new KeyDigest(false);
  }

  /** Texts that some database may take for equal have one digest. */
  public static KeyDigest folding() {
    return new KeyDigest(true);
  }

  /**
   * Digests values of a row.
   *
   * @param at their positions
   * @return false if one is null: then nothing was digested, for it names nothing
   */
  public boolean update(Row row, int[] at) {
    Row plain = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      if (row.isNull(at[i])) {
        return false;
      }
      if (row.kind(at[i]) == Kind.BLOB) {
        plain.set(i, row, at[i]);
      } else {
        plain.setText(i, text(row, at[i]).getBytes(StandardCharsets.UTF_8));
      }
    }
    digest.update(plain, 0, plain.width());
    return true;
  }

  private String text(Row row, int i) {
    if (row.kind(i) == Kind.REAL && Math.abs(row.real(i)) < WHOLE) {
      double value = row.real(i);
      return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
    String text = row.display(i);
    if (!folding || row.kind(i) != Kind.TEXT) {
      return text;
    }
    String folded = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).stripTrailing();
    return ZEROS.matcher(folded).matches() ? ZEROS.matcher(folded).replaceAll("$1$2") : folded;
  }

  /** The upper 64 bits of the last digest. */
  public long high() {
    return digest.high();
  }

  /** The lower 64 bits of the last digest. */
  public long low() {
    return digest.low();
  }
}

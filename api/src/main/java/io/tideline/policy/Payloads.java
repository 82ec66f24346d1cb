package io.tideline.policy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A folder of files that are named by the hash of their content, and the columns that refer to
 * them.
 *
 * @param folder the folder
 * @param layout where a file lies in it, as {@link PayloadLayout} reads it
 * @param columns the columns that refer to payloads, as {@code table.column}; at least one
 * @param root the table whose rows decide how long a reference holds; empty if every live reference
 *     holds
 * @param retain how long after the end of its root a reference holds; given exactly if {@code root}
 *     is
 * @param keepIf a root's references hold if this is true or NULL, whatever its age
 * @param grace how old a file must be before it may go, and how long it lies in the trash
 * @param orphans whether a file may go that nothing known ever referred to
 */
public record Payloads(
    Path folder,
    String layout,
    List<String> columns,
    Optional<String> root,
    Optional<Duration> retain,
    Optional<Predicate> keepIf,
    Duration grace,
    boolean orphans) {
  /** The one hash that is known. */
  public static final String HASH = "sha256";

  /** The hexadecimal digits of a hash. */
  public static final int HASH_LENGTH = 64;

  /** The layout by default. */
  public static final String DEFAULT_LAYOUT = "{0:2}/{0}";

  /** The grace by default. */
  public static final Duration DEFAULT_GRACE = Duration.ofHours(48);

  /** Copies the list and checks what belongs together. */
  public Payloads {
    columns = List.copyOf(columns);
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("Cannot judge payloads without a column");
    }
    if (root.isPresent() != retain.isPresent() || keepIf.isPresent() && root.isEmpty()) {
      throw new IllegalArgumentException("Cannot do without both or neither of root and retain");
    }
    if (grace.isNegative() || grace.isZero()) {
      throw new IllegalArgumentException("Cannot do without a grace");
    }
    PayloadLayout.parse(layout, HASH_LENGTH);
  }

  /** A store of the usual layout and grace, in which every live reference holds its file. */
  public static Payloads of(Path folder, List<String> columns) {
    return new Payloads(
        folder,
        DEFAULT_LAYOUT,
        columns,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_GRACE,
        false);
  }

  /** The same store, whose references hold for so long after the end of their root. */
  public Payloads withRoot(String table, Duration keep, Optional<Predicate> keeping) {
    return new Payloads(
        folder, layout, columns, Optional.of(table), Optional.of(keep), keeping, grace, orphans);
  }

  /** The same store with another grace. */
  public Payloads withGrace(Duration other) {
    return new Payloads(folder, layout, columns, root, retain, keepIf, other, orphans);
  }

  /** The same store; whether files may go that nothing known ever referred to. */
  public Payloads withOrphans(boolean go) {
    return new Payloads(folder, layout, columns, root, retain, keepIf, grace, go);
  }

  /** How the files lie. */
  public PayloadLayout paths() {
    return PayloadLayout.parse(layout, HASH_LENGTH);
  }
}

package io.tideline.health;

import java.util.List;

/**
 * Something that hurts or will hurt.
 *
 * @param check what was looked for
 * @param severity how bad it is
 * @param place where: a table, an index, a file, a session
 * @param what how bad, in numbers; no values of rows
 * @param why why it matters, in one clause
 * @param basis what it was judged by: {@code exact}, {@code statistics since 2026-11-01}
 * @param certainty how sure it is
 * @param frees the bytes that mending would give back; 0 if none or not known
 * @param remedies the steps that mend it, in order
 */
public record Finding(
    Check check,
    Severity severity,
    String place,
    String what,
    String why,
    String basis,
    Certainty certainty,
    long frees,
    List<Remedy> remedies) {
  /** Copies the list. */
  public Finding {
    remedies = List.copyOf(remedies);
  }

  /** A finding that was seen, without a remedy yet. */
  public static Finding of(Check check, Severity severity, String place, String what) {
    return new Finding(
        check, severity, place, what, check.why(), "exact", Certainty.SURE, 0, List.of());
  }

  /** The same finding, judged by something less than exact. */
  public Finding by(String otherBasis, Certainty sure) {
    return new Finding(check, severity, place, what, why, otherBasis, sure, frees, remedies);
  }

  /** The same finding, whose mending gives so many bytes back. */
  public Finding freeing(long bytes) {
    return new Finding(check, severity, place, what, why, basis, certainty, bytes, remedies);
  }

  /** The same finding, mended by these steps. */
  public Finding mend(Remedy... steps) {
    return new Finding(check, severity, place, what, why, basis, certainty, frees, List.of(steps));
  }
}

package io.tideline.maintenance.reclaim;

import io.tideline.dialect.ReclaimOption;
import java.util.List;

/**
 * What a reclaim would do, and what it would leave.
 *
 * @param place the database, without secrets
 * @param bytes the bytes that it takes now
 * @param leftovers what a killed reclaim left; removed first
 * @param chosen what would be done, in order
 * @param others what would not, and why
 * @param advice what nothing here mends and a person should know
 */
public record ReclaimPlan(
    String place,
    long bytes,
    List<String> leftovers,
    List<ReclaimOption> chosen,
    List<Left> others,
    List<String> advice) {
  /** Copies the lists. */
  public ReclaimPlan {
    leftovers = List.copyOf(leftovers);
    chosen = List.copyOf(chosen);
    others = List.copyOf(others);
    advice = List.copyOf(advice);
  }

  /**
   * Something that would not be done.
   *
   * @param option what
   * @param why why not, one sentence
   */
  public record Left(ReclaimOption option, String why) {}

  /** About how many bytes the operating system would get back: the same ones count once. */
  public long gain() {
    return chosen.stream().mapToLong(ReclaimOption::gain).sum();
  }

  /** Whether there is nothing to do. */
  public boolean isNothing() {
    return chosen.isEmpty() && leftovers.isEmpty();
  }
}

package io.tideline.core.plan;

import io.tideline.catalogue.ForeignKey;
import io.tideline.core.closure.Stay;
import io.tideline.plan.Kept;
import io.tideline.plan.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Counts the rows that go and the rows that stay, with a few examples of each reason. */
public final class Tally {
  private static final int EXAMPLES = 3;

  private final Map<Cause, Count> kept = new LinkedHashMap<>();
  private long rows;
  private long bytes;
  private long firstKey = Long.MAX_VALUE;
  private long lastKey = Long.MIN_VALUE;
  private boolean otherKeys;
  private @Nullable Instant oldest;
  private @Nullable Instant newest;

  private record Cause(Reason reason, String detail) {}

  private static final class Count {
    private long rows;
    private long referring;
    private final List<String> examples = new ArrayList<>();
  }

  /** Counts a row that goes. */
  public void goes(long size) {
    rows++;
    bytes += size;
  }

  /** Widens the range of times that go. */
  public void time(Instant time) {
    Instant first = oldest;
    Instant last = newest;
    oldest = first == null || time.isBefore(first) ? time : first;
    newest = last == null || time.isAfter(last) ? time : last;
  }

  /** Widens the range of integer keys that go. */
  public void key(long key) {
    firstKey = Math.min(firstKey, key);
    lastKey = Math.max(lastKey, key);
  }

  /** A row goes whose key is no integer: no range of integers holds all rows that go. */
  public void otherKey() {
    otherKeys = true;
  }

  /** Counts a row that stays; its key is asked for only if it becomes an example. */
  public void stays(Reason reason, String detail, Supplier<String> key) {
    Count count = kept.computeIfAbsent(new Cause(reason, detail), cause -> new Count());
    count.rows++;
    if (count.examples.size() < EXAMPLES && reason != Reason.FRESH) {
      count.examples.add(key.get());
    }
  }

  /** Counts a tree that stays, by its root. */
  public void stays(Stay why, Supplier<String> root) {
    Cause cause = new Cause(why.reason(), why.detail());
    kept.computeIfAbsent(cause, each -> new Count()).referring += why.referring();
    stays(why.reason(), why.detail(), root);
  }

  /**
   * Counts a row that was counted as going, and stays with its tree. Which bytes are its own is not
   * known any more: it takes the mean of them along.
   */
  public void staysAfterAll(Stay why, Supplier<String> root) {
    bytes -= bytes / Math.max(1, rows); // a root may be taken in that was not counted yet
    rows--;
    stays(why, root);
  }

  /** Counts rows that stay, without examples. */
  public void stay(Reason reason, long number) {
    if (number > 0) {
      kept.computeIfAbsent(new Cause(reason, ""), cause -> new Count()).rows += number;
    }
  }

  /** Takes in the rows that stay by another. */
  public void addKept(Tally other) {
    other.kept.forEach(
        (cause, count) -> {
          Count own = kept.computeIfAbsent(cause, each -> new Count());
          own.rows += count.rows;
          own.referring += count.referring;
          add(own, count.examples);
        });
  }

  private static void add(Count count, List<String> examples) {
    examples.stream().limit(EXAMPLES - count.examples.size()).forEach(count.examples::add);
  }

  /** Takes in what another counted, key range and times apart. */
  public void addKept(List<Kept> others) {
    for (Kept other : others) {
      Count count =
          kept.computeIfAbsent(new Cause(other.reason(), other.detail()), cause -> new Count());
      count.rows += other.rows();
      add(count, other.examples());
    }
  }

  /** The rows that go. */
  public long rows() {
    return rows;
  }

  /** Their bytes. */
  public long bytes() {
    return bytes;
  }

  /** The oldest time that goes. */
  public Optional<Instant> oldest() {
    return Optional.ofNullable(oldest);
  }

  /** The newest time that goes. */
  public Optional<Instant> newest() {
    return Optional.ofNullable(newest);
  }

  /** The smallest integer key that goes; empty if another key goes, too. */
  public OptionalLong firstKey() {
    return otherKeys || lastKey < firstKey ? OptionalLong.empty() : OptionalLong.of(firstKey);
  }

  /** The largest integer key that goes; empty if another key goes, too. */
  public OptionalLong lastKey() {
    return otherKeys || lastKey < firstKey ? OptionalLong.empty() : OptionalLong.of(lastKey);
  }

  /** Whether rows stay because others refer to them over a foreign key. */
  boolean referredOver(ForeignKey key) {
    return kept.containsKey(new Cause(Reason.REFERRED_TO, key.display()));
  }

  /** The rows that stay, in the order of the reasons. */
  public List<Kept> kept() {
    return kept.entrySet().stream()
        .map(
            entry ->
                new Kept(
                    entry.getKey().reason(),
                    detail(entry.getKey(), entry.getValue()),
                    entry.getValue().rows,
                    entry.getValue().examples))
        .sorted(Comparator.comparing(Kept::reason))
        .toList();
  }

  /** Of rows that refer, how many there are. */
  private static String detail(Cause cause, Count count) {
    return count.referring == 0
        ? cause.detail()
        : String.format(
            Locale.ROOT,
            "%,d %s of %s %s to %s",
            count.referring,
            count.referring == 1 ? "row" : "rows",
            cause.detail(),
            count.referring == 1 ? "refers" : "refer",
            count.rows == 1 ? "it" : "them");
  }
}

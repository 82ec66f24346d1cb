package io.tideline.maintenance.bench;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A bound whose crossing fails a bench: {@code p99>50ms}, {@code service.p95>20ms}, {@code
 * errors>0}, {@code shed>0.1%}, {@code throughput<95/s}, {@code worse}.
 *
 * <p>A bound on a time fails too where nothing was answered: there is nothing that would hold it.
 */
public final class Threshold {
  private static final Pattern FORM =
      Pattern.compile("([a-z0-9.]+)\\s*([<>])\\s*(\\d{1,9}(?:\\.\\d{1,6})?)\\s*(us|ms|s|%|/s)?");
  private static final Map<String, Double> NANOS = Map.of("us", 1e3, "ms", 1e6, "s", 1e9);
  private static final Map<String, Function<Latencies, Duration>> TIMES =
      Map.of(
          "mean", Latencies::mean,
          "p50", Latencies::p50,
          "p90", Latencies::p90,
          "p95", Latencies::p95,
          "p99", Latencies::p99,
          "p99.9", Latencies::p999,
          "max", Latencies::max);
  private static final Map<String, Function<Counts, Long>> COUNTS =
      Map.of(
          "failed", Counts::failed,
          "errors", Counts::errors,
          "timeouts", Counts::timeouts,
          "busy", Counts::busy,
          "shed", Counts::shed);
  private static final String WORSE = "worse";

  private final String text;
  private final String metric;
  private final boolean above;
  private final double bound;
  private final String unit;

  private Threshold(String text, String metric, boolean above, double bound, String unit) {
    this.text = text;
    this.metric = metric;
    this.above = above;
    this.bound = bound;
    this.unit = unit;
  }

  /**
   * Reads one.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID} if it is none
   */
  public static Threshold parse(String text) {
    if (text.strip().equals(WORSE)) {
      return new Threshold(text, WORSE, true, 0, "");
    }
    Matcher form = FORM.matcher(text.strip());
    if (form.matches()) {
      String unit = form.group(4) == null ? "" : form.group(4);
      Threshold threshold =
          new Threshold(
              text,
              form.group(1),
              form.group(2).equals(">"),
              Double.parseDouble(form.group(3)),
              unit);
      if (threshold.fits()) {
        return threshold;
      }
    }
    throw new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot use '" + text + "' as a threshold.",
        "Nothing was asked.",
        "Write a figure, > or <, and a number with its unit: p99>50ms, service.p95>20ms,"
            + " lag.max>1s, errors>0, timeouts>0.1%, throughput<95/s; or: worse. Times are mean,"
            + " p50, p90, p95, p99, p99.9 and max, with us, ms or s; counts are failed, errors,"
            + " timeouts, busy and shed.");
  }

  private boolean fits() {
    if (metric.equals("throughput")) {
      return unit.equals("/s");
    }
    if (COUNTS.containsKey(metric)) {
      return unit.isEmpty() || unit.equals("%");
    }
    return TIMES.containsKey(time()) && NANOS.containsKey(unit) && !family().isEmpty();
  }

  /** Whether it asks for a comparison. */
  public boolean compares() {
    return metric.equals(WORSE);
  }

  private String time() {
    for (String family : new String[] {"response.", "service.", "lag."}) {
      if (metric.startsWith(family)) {
        return metric.substring(family.length());
      }
    }
    return metric;
  }

  private String family() {
    String time = time();
    return time.equals(metric)
        ? "response"
        : metric.substring(0, metric.length() - time.length() - 1);
  }

  /** Judges a target by it. */
  public Judged judge(TargetReport target, Optional<Comparison> comparison) {
    if (compares()) {
      boolean worse = comparison.filter(Comparison::isWorse).isPresent();
      return new Judged(
          text, comparison.map(Comparison::with).orElse(""), worse ? "worse" : "not worse", worse);
    }
    Round whole = target.whole().orElse(null);
    if (whole == null) {
      return new Judged(text, target.title(), "nothing was measured", true);
    }
    Function<Counts, Long> count = COUNTS.get(metric);
    if (count != null) {
      return judgeCount(target, whole.counts(), count.apply(whole.counts()));
    }
    if (metric.equals("throughput")) {
      String found = String.format(Locale.ROOT, "%.1f/s", whole.throughput());
      return new Judged(text, target.title(), found, isBeyond(whole.throughput()));
    }
    return judgeTime(target, whole);
  }

  private Judged judgeCount(TargetReport target, Counts counts, long found) {
    double share = counts.due() == 0 ? 0 : 100.0 * found / counts.due();
    boolean failed = isBeyond(unit.equals("%") ? share : found);
    String words =
        unit.equals("%") ? String.format(Locale.ROOT, "%.3f%%", share) : Long.toString(found);
    return new Judged(text, target.title(), words, failed);
  }

  private Judged judgeTime(TargetReport target, Round whole) {
    Latencies latencies =
        switch (family()) {
          case "service" -> whole.service();
          case "lag" -> whole.lag();
          default -> whole.response();
        };
    Function<Latencies, Duration> time = TIMES.get(time());
    if (latencies.count() == 0 || time == null) {
      return new Judged(text, target.title(), "nothing was answered", true);
    }
    long nanos = time.apply(latencies).toNanos();
    String found = String.format(Locale.ROOT, "%.3f ms", nanos / 1e6);
    return new Judged(text, target.title(), found, isBeyond(nanos / NANOS.getOrDefault(unit, 1.0)));
  }

  private boolean isBeyond(double found) {
    return above ? found > bound : found < bound;
  }
}

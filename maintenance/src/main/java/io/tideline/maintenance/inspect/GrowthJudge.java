package io.tideline.maintenance.inspect;

import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Forecast;
import io.tideline.health.Growth;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** How fast a database grows, and when its disk is full. */
final class GrowthJudge {
  private static final double DAY = Duration.ofDays(1).toMillis();

  /** An hour, in days: what happens within minutes tells nothing of days. */
  static final double LEAST = 1.0 / 24;

  /** Fewer points, or a shorter time, prove nothing of the days to come. */
  private static final int POINTS = 3;

  private static final Duration SPAN = Duration.ofDays(1);
  private static final long SOON_DAYS = 30;
  private static final long NOW_DAYS = 7;
  private static final long FAR_DAYS = 3_650;

  private GrowthJudge() {}

  /**
   * The growth between points, of which at least two are needed. Every pair of points that lie far
   * enough apart has a slope; the middle one is likeliest, and half of all lie between the bounds:
   * a single purge or import does not mislead it.
   */
  static Optional<Growth> of(List<Growth.Point> points) {
    if (points.size() < 2) {
      return Optional.empty();
    }
    Instant first = points.get(0).at();
    double whole = days(first, points.get(points.size() - 1).at());
    if (whole < LEAST) {
      return Optional.empty();
    }
    double least = 0.2 * whole;
    List<Double> slopes = new ArrayList<>();
    for (int i = 0; i < points.size(); i++) {
      for (int j = i + 1; j < points.size(); j++) {
        double days = days(points.get(i).at(), points.get(j).at());
        if (days >= least) {
          slopes.add((points.get(j).bytes() - points.get(i).bytes()) / days);
        }
      }
    }
    if (slopes.isEmpty()) {
      return Optional.empty();
    }
    Collections.sort(slopes);
    return Optional.of(
        new Growth(first, points, at(slopes, 0.25), at(slopes, 0.5), at(slopes, 0.75)));
  }

  private static double days(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / DAY;
  }

  private static long at(List<Double> sorted, double share) {
    return Math.round(sorted.get((int) Math.round(share * (sorted.size() - 1))));
  }

  /**
   * When the disk is full.
   *
   * @param room the bytes free on the disk and inside the database
   */
  static Optional<Forecast> forecast(Growth growth, long room) {
    List<Growth.Point> points = growth.points();
    Duration span = Duration.between(growth.since(), points.get(points.size() - 1).at());
    if (points.size() < POINTS || span.compareTo(SPAN) < 0 || growth.highPerDay() <= 0) {
      return Optional.empty();
    }
    if (room / growth.highPerDay() > FAR_DAYS) {
      return Optional.empty(); // nothing goes on as it did for so long
    }
    OptionalLong latest =
        growth.lowPerDay() > 0 ? OptionalLong.of(room / growth.lowPerDay()) : OptionalLong.empty();
    return Optional.of(
        new Forecast(
            room,
            room / growth.highPerDay(),
            latest,
            Figures.count(points.size(), "inspection") + " in " + Figures.duration(span)));
  }

  /** That it is full soon, if it is. */
  static Optional<Finding> finding(Forecast forecast, Growth growth) {
    if (forecast.earliestDays() > SOON_DAYS || growth.perDay() <= 0) {
      return Optional.empty();
    }
    boolean now = forecast.latestDays().orElse(Long.MAX_VALUE) <= NOW_DAYS;
    return Optional.of(
        Finding.of(
                Check.DISK_FILLING,
                now ? Severity.CRITICAL : Severity.WARNING,
                "the disk",
                "full "
                    + days(forecast)
                    + "; it grows by "
                    + Figures.bytes(growth.perDay())
                    + " a day")
            .by(forecast.basis(), Certainty.GUESS)
            .mend(
                Remedy.shell(
                    "tideline run",
                    "archives and deletes what policies let go; growth then fills the space that"
                        + " this leaves. 'tideline doctor full' tells what frees most")));
  }

  /** In how many days: {@code in 41 to 60 days}. */
  static String days(Forecast forecast) {
    return "in "
        + forecast.earliestDays()
        + forecast.latestDays().stream()
            .mapToObj(
                latest -> latest == forecast.earliestDays() ? " days" : " to " + latest + " days")
            .findFirst()
            .orElse(" days or later");
  }
}

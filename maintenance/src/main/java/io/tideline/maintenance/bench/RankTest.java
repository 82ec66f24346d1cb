package io.tideline.maintenance.bench;

import java.util.Arrays;
import java.util.List;

/**
 * The Mann-Whitney test, two-sided: how likely chance alone would part two samples at least so far.
 * Exact over all ways to part them, with mid-ranks for ties; for many values by the normal
 * distribution.
 */
final class RankTest {
  private static final int EXACT = 40;

  private RankTest() {}

  /** From 0 to 1; 1 if a sample is empty. */
  static double probability(List<Double> one, List<Double> other) {
    int n = one.size();
    int m = other.size();
    if (n == 0 || m == 0) {
      return 1;
    }
    int[] doubled = doubledRanks(one, other);
    long sum = Arrays.stream(doubled, 0, n).asLongStream().sum();
    long expected = (long) n * (n + m + 1); // doubled ranks: twice the mean sum n(n+m+1)/2
    long distance = Math.abs(sum - expected);
    return n + m <= EXACT ? exact(doubled, n, expected, distance) : normal(doubled, n, m, distance);
  }

  /** The least that any outcome of so many values could be: above it nothing can be told. */
  static double least(int n, int m) {
    if (n == 0 || m == 0) {
      return 1;
    }
    double ways = 1;
    for (int i = 1; i <= n; i++) {
      ways = ways * (m + i) / i;
    }
    return Math.min(1, 2 / ways);
  }

  /** Twice the rank of each value among all, so that mid-ranks are whole. */
  private static int[] doubledRanks(List<Double> one, List<Double> other) {
    double[] all = new double[one.size() + other.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i < one.size() ? one.get(i) : other.get(i - one.size());
    }
    int[] ranks = new int[all.length];
    for (int i = 0; i < all.length; i++) {
      int below = 0;
      int same = 0;
      for (double value : all) {
        below += value < all[i] ? 1 : 0;
        same += value == all[i] ? 1 : 0;
      }
      ranks[i] = 2 * below + same + 1;
    }
    return ranks;
  }

  /** Counts the subsets of n ranks by their sum. */
  private static double exact(int[] ranks, int n, long expected, long distance) {
    int most = Arrays.stream(ranks).sum();
    double[][] ways = new double[n + 1][most + 1];
    ways[0][0] = 1;
    for (int rank : ranks) {
      for (int taken = n; taken > 0; taken--) {
        for (int sum = most; sum >= rank; sum--) {
          ways[taken][sum] += ways[taken - 1][sum - rank];
        }
      }
    }
    double far = 0;
    double all = 0;
    for (int sum = 0; sum <= most; sum++) {
      all += ways[n][sum];
      far += Math.abs(sum - expected) >= distance ? ways[n][sum] : 0;
    }
    return far / all;
  }

  private static double normal(int[] ranks, int n, int m, long distance) {
    double mean = Arrays.stream(ranks).average().orElse(0);
    double squares = Arrays.stream(ranks).mapToDouble(rank -> (rank - mean) * (rank - mean)).sum();
    double variance = (double) n * m / ((n + m) * (n + m - 1.0)) * squares;
    return variance == 0 ? 1 : 2 * upperTail((distance - 1) / Math.sqrt(variance));
  }

  /** Of the standard normal distribution, by Abramowitz and Stegun 26.2.17. */
  private static double upperTail(double z) {
    if (z <= 0) {
      return 0.5;
    }
    double t = 1 / (1 + 0.2316419 * z);
    double series =
        t
            * (0.319381530
                + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
    return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI) * series;
  }
}

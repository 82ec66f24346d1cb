package io.tideline.error;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Nearest {
  private static final int LISTED = 20;

  private Nearest() {}

  /** The word of {@code known} that is closest to {@code word}, if one is close enough. */
  public static Optional<String> to(String word, Collection<String> known) {
    String wanted = fold(word);
    Optional<String> best = Optional.empty();
    int least = Math.max(1, Math.min(3, wanted.length() / 3)) + 1;
    for (String candidate : known) {
      int distance = distance(wanted, fold(candidate));
      if (distance < least) {
        least = distance;
        best = Optional.of(candidate);
      }
    }
    return best;
  }

  /**
   * A sentence that helps whoever wrote a wrong name: the one that was probably meant, else what
   * there is.
   *
   * @param things what the names are of, in the plural: "tables"
   */
  public static String sentence(String things, String word, List<String> known) {
    Optional<String> nearest = to(word, known);
    if (nearest.isPresent()) {
      return "Did you mean " + nearest.get() + "?";
    }
    if (known.isEmpty()) {
      return "There are no " + things + " that this login may see.";
    }
    String rest = known.size() > LISTED ? " and " + (known.size() - LISTED) + " more" : "";
    return "The "
        + things
        + " are: "
        + String.join(", ", known.stream().limit(LISTED).toList())
        + rest
        + ".";
  }

  private static String fold(String word) {
    return word.toLowerCase(Locale.ROOT).replace('-', '_');
  }

  /** Edits (insert, delete, replace, swap neighbours) that turn one word into the other. */
  private static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 ? j : j == 0 ? i : step(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(int[][] d, String a, String b, int i, int j) {
    int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}

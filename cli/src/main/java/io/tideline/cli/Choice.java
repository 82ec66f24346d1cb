package io.tideline.cli;

import io.tideline.policy.Retain;
import io.tideline.policy.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that choose which policies act. */
final class Choice {
  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "Only this policy acts; repeatable. The others still protect.")
  List<String> policies = new ArrayList<>();

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Only policies of this table act; repeatable.")
  List<String> tables = new ArrayList<>();

  @Option(
      names = "--retain",
      paramLabel = "TIME",
      description =
          "Keep rows this long instead (14d, 12h, 8w, 30 = days), never below a floor. Turns a"
              + " policy on only if --policy names it.")
  @Nullable String retain;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description =
          "Act on the one row with this key, whatever its age; needs --policy. A key of several"
              + " columns is a JSON array: [\"eu\",17].")
  @Nullable String key;

  /** Whether anything is chosen. */
  boolean any() {
    return !policies.isEmpty() || !tables.isEmpty() || retain != null || key != null;
  }

  Selection selection() {
    if (key != null && policies.size() != 1) {
      throw Command.badArgument(
          "Cannot act on one key of "
              + (policies.isEmpty() ? "every policy" : "several policies")
              + ".",
          "Name one policy with --policy.");
    }
    return new Selection(policies, tables, retention(), Optional.ofNullable(key));
  }

  private Optional<Duration> retention() {
    String text = retain;
    if (text == null) {
      return Optional.empty();
    }
    Optional<Duration> duration = Retain.parse(text, "--retain");
    if (duration.isEmpty()) {
      throw Command.badArgument(
          "Cannot turn a policy off with --retain.", "Choose the policies that act with --policy.");
    }
    return duration;
  }
}

package io.tideline.config;

import java.util.List;
import java.util.Optional;

/** The commands that a job may be: those that end by themselves and ask nobody. */
public final class JobCommands {
  private static final List<String> KNOWN =
      List.of(
          "run",
          "plan",
          "stats",
          "status",
          "history",
          "archives",
          "verify",
          "query",
          "export",
          "inspect",
          "advise",
          "indexes",
          "check",
          "recover",
          "tables create",
          "payloads plan",
          "payloads sweep",
          "payloads report",
          "backup verify",
          "backup list",
          "backup",
          "reclaim",
          "bench",
          "partitions",
          "backfill");

  private JobCommands() {}

  /** Their names, as they are typed after {@code tideline}. */
  public static List<String> known() {
    return KNOWN;
  }

  /** The command that some words begin with. */
  public static Optional<String> of(List<String> words) {
    return KNOWN.stream()
        .filter(each -> starts(words, List.of(each.split(" "))))
        .filter(each -> !isOther(each, words))
        .findFirst();
  }

  /** Whether the words go on with a subcommand that is none of these: {@code backup restore}. */
  private static boolean isOther(String command, List<String> words) {
    int next = command.split(" ").length;
    boolean hasSubcommands = KNOWN.stream().anyMatch(each -> each.startsWith(command + " "));
    return hasSubcommands && words.size() > next && !words.get(next).startsWith("-");
  }

  private static boolean starts(List<String> words, List<String> command) {
    return words.size() >= command.size() && words.subList(0, command.size()).equals(command);
  }
}

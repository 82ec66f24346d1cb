package io.tideline.benchmarks;

import java.nio.file.Path;

/**
 * What to measure.
 *
 * @param what the benchmark's name, or {@code all}
 * @param rows the rows of the table
 * @param rounds how often each side is measured, in turn
 * @param root the folder of the source tree, where the launcher is
 */
record Options(String what, int rows, int rounds, Path root) {
  private static final String USAGE =
      "benchmarks/run [sqlite|postgresql|restore|trees-sqlite|trees-postgresql|live-sqlite|live-postgresql|reclaim|backup|latest|accounts|trace-service|inserts|buffered|traces|startup|all] [--rows N] [--rounds N]";

  /**
   * Reads {@code [WHAT] [--rows N] [--rounds N] [--root DIR]}.
   *
   * @throws IllegalArgumentException with the usage, for anything else
   */
  static Options parse(String[] arguments) {
    Options options = new Options("all", 1_000_000, 3, Path.of("."));
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (!argument.startsWith("--")) {
        options = new Options(argument, options.rows, options.rounds, options.root);
      } else if (i + 1 < arguments.length) {
        options = options.with(argument, arguments[++i]);
      } else {
        throw new IllegalArgumentException(USAGE);
      }
    }
    return options;
  }

  private Options with(String name, String value) {
    return switch (name) {
      case "--rows" -> new Options(what, Integer.parseInt(value), rounds, root);
      case "--rounds" -> new Options(what, rows, Integer.parseInt(value), root);
      case "--root" -> new Options(what, rows, rounds, Path.of(value));
      default -> throw new IllegalArgumentException(USAGE);
    };
  }

  /** Whether a benchmark is asked for. */
  boolean wants(String benchmark) {
    return what.equals("all") || what.equals(benchmark);
  }
}

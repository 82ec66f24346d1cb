package io.tideline.cli;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command. */
final class Common {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description =
          "The configuration. Without it, tideline.yaml of the current folder or the nearest folder"
              + " above it.")
  @Nullable Path config;

  @Option(
      names = "--json",
      description = "Print one JSON document to standard output, for errors too.")
  boolean json;

  @Option(
      names = "--verbose",
      description = "On a defect, print the stack trace; so does TIDELINE_DEBUG=1.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Print this text.")
  boolean help;

  /** Reads an instant, or a date as its first instant in UTC. */
  static Instant instant(String text, String option) {
    try {
      return text.length() == "2026-05-02".length()
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot read '" + text + "' as the time of " + option + ".",
          "Nothing was changed.",
          "Write an instant as 2026-05-02T10:00:00Z, or a date as 2026-05-02 (UTC).",
          e);
    }
  }
}

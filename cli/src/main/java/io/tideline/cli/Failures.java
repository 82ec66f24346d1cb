package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.cli.output.Json;
import io.tideline.config.ConfigException;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what failed, and gives the exit code. */
final class Failures {
  private final Terminal terminal;
  private final boolean json;
  private final boolean verbose;

  Failures(Terminal terminal, String[] args) {
    List<String> all = Arrays.asList(args);
    this.terminal = terminal;
    this.json = all.contains("--json");
    this.verbose =
        all.contains("--verbose") || !terminal.env().getOrDefault("TIDELINE_DEBUG", "").isEmpty();
  }

  /** Arguments that make no command. */
  int badArguments(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    List<String> guesses =
        e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
    String guess =
        guesses.isEmpty() ? "" : "Did you mean '" + String.join("' or '", guesses) + "'? ";
    return tell(
        new TidelineException(
            ErrorCode.ARGUMENT_INVALID,
            sentence(String.valueOf(e.getMessage())),
            "Nothing was changed.",
            guess + "See '" + command + " --help'.",
            e));
  }

  /** A command that failed. */
  int failed(Throwable failure) {
    if (failure instanceof TidelineException known) {
      return tell(known);
    }
    return tell(
        new TidelineException(
            ErrorCode.DEFECT,
            "This is a defect of Tideline: " + failure.getClass().getName() + ".",
            "No row is lost: where a policy archives, only rows with a verified copy are deleted.",
            verbose
                ? "Report it with the stack trace above."
                : "Run the command again with --verbose and report the stack trace it prints.",
            failure));
  }

  private int tell(TidelineException e) {
    if (verbose) {
      e.printStackTrace(terminal.err());
    }
    if (json) {
      terminal.out().println(Json.text(document(e)));
    } else {
      var style = terminal.errorStyle();
      terminal.err().println(style.bad("Error") + " " + e.what().stripTrailing());
      if (!e.state().isBlank()) {
        terminal.err().println(e.state());
      }
      if (!e.mend().isBlank()) {
        terminal.err().println(style.bold(e.mend()));
      }
      terminal.err().println(style.dim("[" + e.code().slug() + "]"));
    }
    return e.code().exitCode().number();
  }

  private static JsonObject document(TidelineException e) {
    JsonObject error = new JsonObject();
    error.addProperty("code", e.code().slug());
    error.addProperty("exit", e.code().exitCode().number());
    error.addProperty("what", e.what());
    error.addProperty("state", e.state());
    error.addProperty("mend", e.mend());
    if (e instanceof ConfigException config) {
      JsonArray problems = new JsonArray();
      config.problems().forEach(problem -> problems.add(Json.tree(problem)));
      error.add("problems", problems);
    }
    JsonObject document = new JsonObject();
    document.add("error", error);
    return document;
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }
}

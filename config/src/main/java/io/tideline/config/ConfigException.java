package io.tideline.config;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;
import java.util.List;

/** A configuration file that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends TidelineException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  ConfigException(ErrorCode code, Path file, List<Problem> problems) {
    super(code, what(file, problems), "Nothing was changed.", "Mend the file and try again.");
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }

  private static String what(Path file, List<Problem> problems) {
    StringBuilder text = new StringBuilder("Cannot use ").append(file).append(": ");
    text.append(problems.size() == 1 ? "1 problem" : problems.size() + " problems").append('.');
    problems.forEach(problem -> text.append("\n  ").append(problem.display()));
    return text.append('\n').toString();
  }
}

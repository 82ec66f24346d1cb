package io.tideline.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command that only groups others says when it is called alone. */
final class Groups {
  private Groups() {}

  static ParameterException incomplete(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("Cannot know the command: picocli gave no spec");
    }
    String names = String.join(", ", spec.subcommands().keySet());
    return new ParameterException(
        spec.commandLine(), "Missing command after '" + spec.name() + "': " + names + ".");
  }
}

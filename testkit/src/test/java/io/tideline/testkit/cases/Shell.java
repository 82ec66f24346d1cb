package io.tideline.testkit.cases;

import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs commands in this process, without a terminal, at a fixed time where they judge time. */
record Shell(Path folder, Map<String, String> env, String now) {
  private static final List<String> DATED =
      List.of("init", "plan", "run", "stats", "status", "hold list", "payloads plan");

  /** What a command answered. */
  record Said(List<String> args, int exit, String out, String err) {
    String all() {
      return out + err;
    }

    @Override
    public String toString() {
      return "tideline " + String.join(" ", args) + "\nexit " + exit + "\n" + out + err;
    }
  }

  Said run(List<String> args) {
    List<String> all = new ArrayList<>(args);
    String command = String.join(" ", args) + " ";
    if (DATED.stream().anyMatch(each -> command.startsWith(each + " "))) {
      all.addAll(List.of("--now", now));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            false,
            false,
            false,
            env,
            folder);
    int exit = Main.run(all.toArray(String[]::new), terminal);
    return new Said(
        all, exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}

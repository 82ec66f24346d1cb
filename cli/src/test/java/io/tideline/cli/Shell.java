package io.tideline.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs commands in this process as a shell would, and keeps what they print. */
final class Shell {
  private final Path folder;
  private final Map<String, String> env = new HashMap<>();
  private String typed = "";
  private boolean terminal;

  Shell(Path folder) {
    this.folder = folder;
  }

  Shell env(String name, String value) {
    env.put(name, value);
    return this;
  }

  /** Gives the next commands a terminal at which this is typed. */
  Shell typing(String text) {
    typed = text;
    terminal = true;
    return this;
  }

  Said run(String... args) {
    return run(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), args);
  }

  /** As the other, with what is typed while it is asked for. */
  Said run(InputStream in, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = Main.run(args, terminal(in, out, err));
    return new Said(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  Terminal terminal(ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return terminal(new ByteArrayInputStream(typed.getBytes(StandardCharsets.UTF_8)), out, err);
  }

  private Terminal terminal(InputStream in, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Terminal(
        in,
        new PrintStream(out, false, StandardCharsets.UTF_8),
        new PrintStream(err, false, StandardCharsets.UTF_8),
        terminal,
        terminal,
        terminal,
        env,
        folder);
  }

  /** What a command said. */
  record Said(int exit, String out, String err) {}
}

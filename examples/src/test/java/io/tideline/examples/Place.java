package io.tideline.examples;

import io.tideline.cli.Main;
import io.tideline.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A copy of an example's folder, in which commands run as a person would type them there. */
final class Place {
  static final Path EXAMPLES = Path.of("").toAbsolutePath();

  final Path folder;
  private final Map<String, String> env = new HashMap<>();

  /** A folder of one's own. */
  Place(Path folder) {
    this.folder = folder;
  }

  Place(Path folder, String example) throws IOException {
    this(folder);
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(EXAMPLES.resolve(example), "*.yaml")) {
      for (Path file : files) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  /** What a command printed, and its exit code. */
  record Said(int exit, String text) {}

  void set(String name, String value) {
    env.put(name, value);
  }

  /** What {@code ../make} prints; a file and the payloads land in the folder. */
  String make(String example, String database, String... options) throws SQLException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean postgres = database.startsWith("postgresql:");
    List<String> args = new ArrayList<>();
    args.add(example);
    args.add(postgres ? database : folder.resolve(database).toString());
    List<String> given = List.of(options);
    int payloads = given.indexOf("--payloads");
    args.addAll(given);
    if (payloads < 0) {
      args.add("--payloads");
      args.add(folder.resolve("payloads").toString());
    } else {
      args.set(2 + payloads + 1, folder.resolve(given.get(payloads + 1)).toString());
    }
    new Make(EXAMPLES, new PrintStream(out, true, StandardCharsets.UTF_8)).make(args);
    return out.toString(StandardCharsets.UTF_8);
  }

  Said tideline(List<String> args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    ByteArrayInputStream in = new ByteArrayInputStream(new byte[0]);
    Terminal terminal = new Terminal(in, stream, stream, false, false, false, env, folder);
    int exit = Main.run(args.toArray(String[]::new), terminal);
    return new Said(exit, out.toString(StandardCharsets.UTF_8));
  }
}

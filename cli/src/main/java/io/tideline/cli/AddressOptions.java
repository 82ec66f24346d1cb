package io.tideline.cli;

import io.tideline.config.ConfigFile;
import io.tideline.maintenance.bench.HttpTarget;
import io.tideline.maintenance.bench.Target;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which address a bench asks, and with what. */
final class AddressOptions {
  private static final long MOST_BODY = 16L << 20;

  /** Headers whose values let somebody in: they would stand in the list of processes. */
  private static final Set<String> SECRET =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token");

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "Ask this address by HTTP, and no other: redirects are not followed. $${NAME} and"
              + " $${file:PATH} are put in and never printed.")
  @Nullable String url;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = "By this method, GET by default. What others change is yours to know.")
  String method = "GET";

  @Option(
      names = "--header",
      paramLabel = "HEADER",
      description =
          "With this header, 'Name: value'; repeatable. A secret comes from the environment or a"
              + " file: 'Authorization: Bearer $${TOKEN}', 'Cookie: $${file:cookie.txt}'.")
  List<String> headers = new ArrayList<>();

  @Option(names = "--body", paramLabel = "FILE", description = "With the bytes of this file.")
  @Nullable Path body;

  /** The target that the options name. */
  Target target(String address, Duration timeout, Terminal terminal) {
    Map<String, String> all = new LinkedHashMap<>();
    headers.forEach(header -> put(all, header, terminal));
    try {
      URI uri = new URI(expanded(address, "--url", terminal));
      return new HttpTarget(address, uri, method, all, bytes(terminal), timeout);
    } catch (URISyntaxException e) {
      // Its message would repeat what was put in.
      throw Command.badArgument(
          "Cannot read '" + address + "' as an address.", "Write --url http://host:port/path.");
    }
  }

  private static void put(Map<String, String> all, String header, Terminal terminal) {
    int colon = header.indexOf(':');
    if (colon < 1) {
      throw Command.badArgument(
          "Cannot read a header: it has no name and colon.", "Write --header 'Name: value'.");
    }
    String name = header.substring(0, colon).strip();
    String value = header.substring(colon + 1).strip();
    if (SECRET.contains(name.toLowerCase(Locale.ROOT)) && !value.contains("${")) {
      throw Command.badArgument(
          "Cannot take the header " + name + " from the command line, where everybody sees it.",
          "Put its secret into the environment or a file: --header '"
              + name
              + ": ${NAME}' or '"
              + name
              + ": ${file:PATH}'.");
    }
    if (all.keySet().stream().anyMatch(name::equalsIgnoreCase)) {
      throw Command.badArgument(
          "Cannot send the header " + name + " twice.", "Put its values into one --header.");
    }
    all.put(name, expanded(value, "the header " + name, terminal));
  }

  private static String expanded(String text, String where, Terminal terminal) {
    return ConfigFile.expand(text, where, terminal.folder(), terminal.env());
  }

  private byte[] bytes(Terminal terminal) {
    Path named = body;
    if (named == null) {
      return new byte[0];
    }
    Path file = terminal.folder().resolve(named);
    try {
      if (Files.size(file) > MOST_BODY) {
        throw Command.badArgument(
            "Cannot send " + file + ": it is larger than 16 MB.", "Name a smaller file.");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw Command.badArgument(
          "Cannot read " + file + ": " + e.getClass().getSimpleName() + ".",
          "Name a file that you may read with --body.");
    }
  }
}

package io.tideline.config;

import io.tideline.schedule.Notice;
import io.tideline.schedule.Occasion;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads who is told of what. */
final class NoticesReader {
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final List<String> OCCASIONS =
      Arrays.stream(Occasion.values()).map(Occasion::word).toList();

  /** What the HTTP client sets by itself, and lets nobody else set. */
  private static final Set<String> OURS =
      Set.of("connection", "content-length", "content-type", "expect", "host", "upgrade");

  private final Reading reading;

  NoticesReader(Reading reading) {
    this.reading = reading;
  }

  List<Notice> read(Node node) {
    if (!(node instanceof SequenceNode list)) {
      reading.problem(
          node,
          "'notify' of the file must be a list.",
          "Write lines of the form '- on: [failure]'.");
      return List.of();
    }
    List<Notice> notices = new ArrayList<>();
    int number = 0;
    for (Node each : list.getValue()) {
      String where = "entry " + ++number + " of 'notify'";
      Entries.of(each, where, Keys.NOTICE, reading).flatMap(this::read).ifPresent(notices::add);
    }
    return notices;
  }

  private Optional<Notice> read(Entries entries) {
    Optional<Set<Occasion>> on = on(entries);
    boolean program = entries.value("command").isPresent();
    if (program == entries.value("webhook").isPresent()) {
      reading.problem(
          entries.node(),
          "An entry of 'notify' needs 'command' or 'webhook', and not both.",
          "Write 'command: [program, argument]' or 'webhook: https://…'.");
      return Optional.empty();
    }
    if (program && entries.value("headers").isPresent()) {
      reading.problem(
          entries.value("headers").orElseThrow(),
          entries.label("headers") + " has no meaning for a command.",
          "Remove it; the command gets the environment of Tideline.");
    }
    Optional<? extends Notice.Target> target = program ? program(entries) : webhook(entries);
    return on.flatMap(set -> target.map(each -> new Notice(set, each)));
  }

  private Optional<Set<Occasion>> on(Entries entries) {
    if (entries.value("on").isEmpty()) {
      entries.required("on", "on: [failure, alarm]");
      return Optional.empty();
    }
    Set<Occasion> set = EnumSet.noneOf(Occasion.class);
    for (Node each : items(entries.value("on").orElseThrow())) {
      reading
          .scalar(each, entries.label("on"))
          .flatMap(s -> reading.oneOf(s, entries.label("on"), OCCASIONS))
          .ifPresent(word -> set.add(Occasion.valueOf(word.toUpperCase(Locale.ROOT))));
    }
    if (set.isEmpty()) {
      reading.problem(
          entries.node(), entries.label("on") + " names nothing.", "Write 'on: [failure, alarm]'.");
    }
    return set.isEmpty() ? Optional.empty() : Optional.of(set);
  }

  private static List<? extends Node> items(Node node) {
    return node instanceof SequenceNode list ? list.getValue() : List.of(node);
  }

  private Optional<Notice.Program> program(Entries entries) {
    List<String> words = new ArrayList<>();
    List<? extends Node> items = items(entries.value("command").orElseThrow());
    for (Node each : items) {
      reading
          .scalar(each, entries.label("command"))
          .filter(word -> plain(word, entries))
          .ifPresent(word -> words.add(word.value()));
    }
    if (items.isEmpty()) {
      reading.problem(
          entries.node(), entries.label("command") + " is empty.", "Write 'command: [program]'.");
    }
    return words.isEmpty() || words.size() < items.size()
        ? Optional.empty()
        : Optional.of(new Notice.Program(words));
  }

  /** Every user of the machine may see the arguments of a process. */
  private boolean plain(Scalar word, Entries entries) {
    boolean plain = word.raw().equals(word.value());
    if (!plain) {
      reading.problem(
          word.node(),
          entries.label("command") + " cannot hold variables: others see the words of a command.",
          "Let the program read the variable itself; it gets the environment of Tideline.");
    }
    return plain;
  }

  private Optional<Notice.Webhook> webhook(Entries entries) {
    Map<String, String> headers = headers(entries);
    return entries
        .scalar("webhook")
        .flatMap(s -> url(s, entries.label("webhook")))
        .map(url -> new Notice.Webhook(url, headers));
  }

  private Optional<URI> url(Scalar scalar, String label) {
    try {
      URI url = new URI(scalar.value());
      String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      if (url.getHost() != null
          && url.getUserInfo() == null
          && (scheme.equals("https") || scheme.equals("http"))) {
        return Optional.of(url);
      }
    } catch (URISyntaxException e) {
      // Its message holds the address, and with it a secret.
    }
    reading.problem(
        scalar.node(),
        label + " is no address of a web server.",
        "Write 'https://host/path', or a variable that holds it; a user belongs into 'headers'.");
    return Optional.empty();
  }

  private Map<String, String> headers(Entries entries) {
    Map<String, String> headers = new LinkedHashMap<>();
    entries
        .value("headers")
        .flatMap(node -> Entries.ofNames(node, entries.label("headers"), reading))
        .ifPresent(
            all ->
                all.values()
                    .forEach(
                        (name, node) ->
                            reading
                                .scalar(node, "header '" + name + "'")
                                .filter(value -> header(name, value))
                                .ifPresent(value -> headers.put(name, value.value().strip()))));
    return headers;
  }

  private boolean header(String name, Scalar value) {
    boolean right =
        HEADER.matcher(name).matches()
            && !OURS.contains(name.toLowerCase(Locale.ROOT))
            && value.value().strip().chars().allMatch(c -> c == '\t' || c >= ' ' && c != 127);
    if (!right) {
      reading.problem(
          value.node(),
          "The header '" + name + "' cannot be sent.",
          "Write a name such as 'Authorization' and one line of text; Content-Type is"
              + " application/json.");
    }
    return right;
  }
}

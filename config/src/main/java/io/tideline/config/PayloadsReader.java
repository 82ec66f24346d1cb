package io.tideline.config;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.PayloadLayout;
import io.tideline.policy.Payloads;
import io.tideline.policy.Predicate;
import io.tideline.policy.Retain;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the payload store. */
final class PayloadsReader {
  private static final List<String> WORDS = List.of("true", "false");

  private final Reading reading;
  private final Locations locations;
  private final Optional<Duration> floor;

  PayloadsReader(Reading reading, Locations locations, Optional<Duration> floor) {
    this.reading = reading;
    this.locations = locations;
    this.floor = floor;
  }

  /** The store; empty, with problems noted, if something needed is missing. */
  Optional<Payloads> read(Node node) {
    return Entries.of(node, "'payloads' of the file", Keys.PAYLOADS, reading).flatMap(this::read);
  }

  private Optional<Payloads> read(Entries entries) {
    Optional<Path> folder = entries.required("folder", "folder: ./payloads").flatMap(this::path);
    entries
        .scalar("hash")
        .ifPresent(s -> reading.oneOf(s, entries.label("hash"), List.of(Payloads.HASH)));
    Optional<String> layout =
        entries
            .scalar("layout")
            .flatMap(s -> reading.parse(s, t -> PayloadLayout.parse(t, Payloads.HASH_LENGTH)))
            .map(PayloadLayout::toString);
    List<String> columns = columns(entries);
    Optional<String> root = entries.scalar("root").map(Scalar::value);
    Optional<Duration> retain = duration(entries, "retain");
    Optional<Predicate> keepIf =
        entries.scalar("keep_if").flatMap(s -> reading.parse(s, Predicate::new));
    Optional<Duration> grace = duration(entries, "grace");
    boolean orphans =
        entries
            .scalar("orphans")
            .flatMap(s -> reading.oneOf(s, entries.label("orphans"), WORDS))
            .map(Boolean::valueOf)
            .orElse(false);
    if (entries.value("grace").isPresent() && grace.isEmpty()) {
      reading.problem(
          entries.node(), entries.label("grace") + " cannot be 'off'.", "Write 48h or longer.");
    }
    boolean whole = together(entries, root, retain);
    if (!whole || folder.isEmpty() || columns.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Payloads(
            folder.get(),
            layout.orElse(Payloads.DEFAULT_LAYOUT),
            columns,
            root,
            retain,
            keepIf,
            grace.orElse(Payloads.DEFAULT_GRACE),
            orphans));
  }

  /** Whether root, retention and {@code keep_if} make sense together. */
  private boolean together(Entries entries, Optional<String> root, Optional<Duration> retain) {
    if (retain.isPresent() && entries.value("root").isEmpty()) {
      reading.problem(
          entries.node(),
          entries.label("retain") + " needs a table whose rows have an end.",
          "Add 'root: table', or remove it: then every live reference holds its file.");
      return false;
    }
    if (root.isPresent() && retain.isEmpty()) {
      reading.problem(
          entries.node(),
          entries.label("root") + " has no meaning without 'retain'.",
          "Add 'retain: 90d', or remove it: then every live reference holds its file.");
      return false;
    }
    if (entries.value("keep_if").isPresent() && root.isEmpty()) {
      reading.problem(
          entries.node(),
          entries.label("keep_if") + " is about roots, and there is no 'root'.",
          "Add 'root: table' and 'retain: 90d', or remove it.");
      return false;
    }
    retain.ifPresent(r -> checkFloor(entries, r));
    return true;
  }

  private void checkFloor(Entries entries, Duration retain) {
    if (floor.isPresent() && retain.compareTo(floor.get()) < 0) {
      reading.belowFloor(
          entries.value("retain").orElse(entries.node()),
          entries.label("retain") + " is below the floor of " + Retain.display(floor.get()) + ".",
          "Keep payloads for at least " + Retain.display(floor.get()) + ", or lower the floor.");
    }
  }

  private Optional<Duration> duration(Entries entries, String key) {
    return entries
        .scalar(key)
        .flatMap(s -> reading.parse(s, t -> Retain.parse(t, entries.label(key))))
        .flatMap(d -> d);
  }

  private List<String> columns(Entries entries) {
    Optional<Node> node = entries.value("columns");
    if (node.isEmpty() || !(node.get() instanceof SequenceNode list) || list.getValue().isEmpty()) {
      reading.problem(
          node.orElse(entries.node()),
          entries.label("columns") + " must list the columns that refer to payloads.",
          "Write 'columns: [table.column]'.");
      return List.of();
    }
    List<String> columns = new ArrayList<>();
    for (Node each : list.getValue()) {
      reading
          .scalar(each, "a column of " + entries.label("columns"))
          .flatMap(s -> reading.parse(s, PayloadsReader::column))
          .ifPresent(columns::add);
    }
    return columns.size() == list.getValue().size() ? columns : List.of();
  }

  private static String column(String text) {
    int point = text.lastIndexOf('.');
    if (point <= 0 || point == text.length() - 1) {
      throw new TidelineException(
          ErrorCode.POLICY_INVALID,
          "Cannot use '" + text + "' as a column of payloads.",
          "Nothing was changed.",
          "Write table.column.");
    }
    return text;
  }

  private Optional<Path> path(Scalar scalar) {
    try {
      return Optional.of(locations.path(scalar.value()));
    } catch (InvalidPathException e) {
      reading.problem(scalar.node(), "'" + scalar.raw() + "' is not a path.", "Write a path.");
      return Optional.empty();
    }
  }
}

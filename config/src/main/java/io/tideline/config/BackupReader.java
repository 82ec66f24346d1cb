package io.tideline.config;

import io.tideline.policy.BackupPlace;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads where backups go. */
final class BackupReader {
  private final Reading reading;
  private final Locations locations;

  BackupReader(Reading reading, Locations locations) {
    this.reading = reading;
    this.locations = locations;
  }

  /** The place; empty, with problems noted, if something needed is missing. */
  Optional<BackupPlace> read(Node node) {
    return Entries.of(node, "'backup' of the file", Keys.BACKUP, reading).flatMap(this::read);
  }

  private Optional<BackupPlace> read(Entries entries) {
    Optional<Path> to = entries.required("to", "to: ./backups").flatMap(this::path);
    Optional<Scalar> given = entries.scalar("keep");
    Optional<Integer> keep =
        given.isEmpty()
            ? Optional.of(BackupPlace.DEFAULT_KEEP)
            : given.flatMap(s -> number(s, entries.label("keep")));
    return to.flatMap(folder -> keep.map(count -> new BackupPlace(folder, count)));
  }

  private Optional<Integer> number(Scalar scalar, String label) {
    if (scalar.value().matches("0*[1-9]\\d{0,3}")) {
      return Optional.of(Integer.parseInt(scalar.value()));
    }
    reading.problem(
        scalar.node(),
        label + " cannot be '" + scalar.raw() + "'.",
        "Write a whole number from 1 to 9999.");
    return Optional.empty();
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

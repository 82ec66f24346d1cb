package io.tideline.config;

import io.tideline.error.Nearest;
import io.tideline.policy.Predicate;
import io.tideline.policy.TimeColumn;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads where a row's time stands: a column's name, or a mapping. */
final class TimeReader {
  private static final List<String> FORMATS =
      Arrays.stream(TimeColumn.Format.values()).map(TimeColumn.Format::word).toList();

  private final Reading reading;

  TimeReader(Reading reading) {
    this.reading = reading;
  }

  Optional<TimeColumn> read(Node node, String label) {
    if (!(node instanceof MappingNode)) {
      return reading.scalar(node, label).map(s -> TimeColumn.of(s.value()));
    }
    return Entries.of(node, label, Keys.TIME, reading).flatMap(this::read);
  }

  private Optional<TimeColumn> read(Entries entries) {
    Optional<String> column = entries.scalar("column").map(Scalar::value);
    Optional<String> sql =
        entries.scalar("sql").flatMap(s -> reading.parse(s, Predicate::new)).map(Predicate::sql);
    if (entries.value("column").isPresent() == entries.value("sql").isPresent()) {
      reading.problem(
          entries.node(),
          entries.label("column")
              + " and 'sql' are both "
              + (entries.value("sql").isPresent() ? "given." : "missing."),
          "Write exactly one of them.");
      return Optional.empty();
    }
    TimeColumn.Format format =
        entries
            .scalar("format")
            .flatMap(s -> reading.oneOf(s, entries.label("format"), FORMATS))
            .map(word -> TimeColumn.Format.values()[FORMATS.indexOf(word)])
            .orElse(TimeColumn.Format.AUTO);
    ZoneId zone = entries.scalar("zone").flatMap(s -> zone(s, entries)).orElse(ZoneOffset.UTC);
    return column.isPresent() || sql.isPresent()
        ? Optional.of(new TimeColumn(column, sql, format, zone))
        : Optional.empty();
  }

  private Optional<ZoneId> zone(Scalar scalar, Entries entries) {
    try {
      ZoneId zone = ZoneId.of(scalar.value());
      return Optional.of(scalar.value().equals("UTC") ? ZoneOffset.UTC : zone);
    } catch (DateTimeException e) {
      reading.problem(
          scalar.node(),
          entries.label("zone") + " cannot be '" + scalar.raw() + "': there is no such time zone.",
          guess(scalar) + "Write a name such as 'Europe/Berlin', 'UTC', or an offset as '+02:00'.");
      return Optional.empty();
    }
  }

  private static String guess(Scalar scalar) {
    return scalar.raw().equals(scalar.value())
        ? Nearest.to(scalar.value(), ZoneId.getAvailableZoneIds().stream().sorted().toList())
            .map(near -> "Did you mean '" + near + "'? ")
            .orElse("")
        : "";
  }
}

package io.tideline.postgresql;

import io.tideline.tuning.EpochUnit;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;

/**
 * The column by which a table is divided, and how instants stand in its bounds. A time without zone
 * is UTC, as everywhere.
 *
 * @param type the name of a type of {@code pg_catalog}
 * @param epoch what whole numbers count
 */
record TimeKey(String type, Optional<EpochUnit> epoch) {
  private static final Set<String> TIMES = Set.of("date", "timestamp", "timestamptz");
  private static final Set<String> NUMBERS = Set.of("int4", "int8");
  private static final long SECOND = 1_000_000;

  /** The key of a type; empty if values of the type are no times. */
  static Optional<TimeKey> of(String schema, String type, Optional<EpochUnit> epoch) {
    boolean number = NUMBERS.contains(type);
    return schema.equals("pg_catalog")
            && (number || TIMES.contains(type))
            && number == epoch.isPresent()
        ? Optional.of(new TimeKey(type, epoch))
        : Optional.empty();
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), SECOND), instant.getNano() / 1_000);
  }

  /** An instant as a constant of the type's own spelling. */
  String constant(Instant instant) {
    long micros = micros(instant);
    return switch (type) {
      case "date" -> Sql.string(TimeText.date(Math.floorDiv(micros, 86_400 * SECOND)));
      case "timestamp" -> Sql.string(TimeText.timestamp(micros, ""));
      case "timestamptz" -> Sql.string(TimeText.timestamp(micros, "+00"));
      default -> Long.toString(Math.floorDiv(micros, epoch.map(EpochUnit::micros).orElse(SECOND)));
    };
  }

  /** An instant as a constant with its type. */
  String typed(Instant instant) {
    return constant(instant) + "::pg_catalog." + type;
  }

  /** The bounds of a partition. */
  String bounds(Instant from, Instant to) {
    return "FOR VALUES FROM (" + constant(from) + ") TO (" + constant(to) + ")";
  }

  /**
   * What a constant of the server's stands for.
   *
   * @return empty for infinity, or if it is before Christ or otherwise odd
   */
  Optional<Instant> instant(String constant) {
    String text = constant.replace("'", "");
    try {
      if (epoch.isPresent()) {
        long micros = Math.multiplyExact(Long.parseLong(text), epoch.get().micros());
        return Optional.of(
            Instant.ofEpochSecond(
                Math.floorDiv(micros, SECOND), Math.floorMod(micros, SECOND) * 1_000));
      }
      if (type.equals("date")) {
        return Optional.of(LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
      String plain = text.replaceFirst("\\+00$", "").replace(' ', 'T');
      return Optional.of(LocalDateTime.parse(plain).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }
}

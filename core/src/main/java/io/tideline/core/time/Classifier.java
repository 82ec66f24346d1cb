package io.tideline.core.time;

import io.tideline.catalogue.NaturalType;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.row.Row;
import java.util.Optional;

/** Tells how values are written, one at a time. */
final class Classifier {
  /** Julian days of 1858 to 2132. */
  private static final double JULIAN_FROM = 2.4e6;

  private static final double JULIAN_TO = 2.5e6;

  private final Family family;
  private final IsoText iso = new IsoText();
  private final DecimalText decimal = new DecimalText();

  Classifier(NaturalType type) {
    family = type.family();
  }

  /** How a value that is not null is written. */
  Written classify(Row row, int i) {
    return switch (row.kind(i)) {
      case INTEGER -> number(row.integer(i));
      case REAL -> number(row.real(i));
      case TEXT -> text(row, i);
      case NULL, BLOB -> Written.NO_TIME;
    };
  }

  private Written number(double number) {
    if (family == Family.TIME || family == Family.BOOLEAN) {
      return Written.NO_TIME;
    }
    return unit(number)
        .map(unit -> Written.number(unit.numbers))
        .orElse(
            number >= JULIAN_FROM && number < JULIAN_TO
                ? Written.number(Shape.JULIAN_DAY)
                : Written.NO_UNIT);
  }

  private static Optional<EpochUnit> unit(double number) {
    for (EpochUnit unit : EpochUnit.values()) {
      if (unit.plausible(number)) {
        return Optional.of(unit);
      }
    }
    return Optional.empty();
  }

  private Written text(Row row, int i) {
    byte[] bytes = row.bytes(i);
    if (iso.parse(bytes)) {
      String offset = row.text(i).substring(iso.offsetFrom);
      boolean readable = iso.exists && (offset.isEmpty() || Offset.seconds(offset).isPresent());
      return readable && iso.shape != null ? Written.text(iso.shape, offset) : Written.NO_TIME;
    }
    if (!decimal.parse(bytes)) {
      return Written.NO_TIME;
    }
    if (family == Family.DECIMAL) {
      return number(Double.parseDouble(row.text(i)));
    }
    return unit((double) decimal.whole)
        .map(unit -> Written.text(unit.text, ""))
        .orElse(Written.NO_TIME);
  }
}

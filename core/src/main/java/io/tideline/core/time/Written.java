package io.tideline.core.time;

import io.tideline.plan.TimeEncoding.Shape;
import java.util.Optional;

/**
 * How one value is written.
 *
 * @param shape the form; empty for a value that is no time, or a number of no likely unit
 * @param offset what follows the time of day; empty if nothing
 * @param number whether it is stored as a number, or as an exact decimal
 */
record Written(Optional<Shape> shape, String offset, boolean number) {
  static final Written NO_TIME = new Written(Optional.empty(), "", false);
  static final Written NO_UNIT = new Written(Optional.empty(), "", true);

  static Written number(Shape shape) {
    return new Written(Optional.of(shape), "", true);
  }

  static Written text(Shape shape, String offset) {
    return new Written(Optional.of(shape), offset, false);
  }

  /** For a person: {@code iso-t Z}. */
  String display() {
    if (shape.isEmpty()) {
      return number ? "numbers of no usual unit" : "of no known form";
    }
    String word = shape.get().word();
    boolean iso = !number && word.startsWith("iso");
    return word + (offset.isEmpty() ? iso ? " without offset" : "" : " " + offset.strip());
  }
}

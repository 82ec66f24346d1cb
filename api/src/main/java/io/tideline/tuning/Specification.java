package io.tideline.tuning;

import io.tideline.error.TidelineException;
import io.tideline.policy.Predicate;
import java.util.List;
import java.util.Optional;

/** Reads what {@link Backfill#specification} wrote. */
final class Specification {
  private static final String ADD = "add ";
  private static final String WHERE = "where ";
  private static final String COPY = "copy ";
  private static final String OVER = " over ";
  private static final String VALUE = "value ";

  /** Table, column and type stand before the source, the fill and NOT NULL after the condition. */
  private static final int SOURCE = 3;

  private static final int AFTER = 2;

  private final String name;
  private final String text;
  private final List<String> lines;

  private Specification(String name, String text) {
    this.name = name;
    this.text = text;
    this.lines = List.of(text.split("\n", -1));
  }

  /** The backfill of that text; empty if no backfill has it. */
  static Optional<Backfill> parse(String name, String text) {
    return new Specification(name, text).parse();
  }

  /** SQL may have several lines, so that each may be the one at which the condition begins. */
  private Optional<Backfill> parse() {
    for (int where = lines.size() - AFTER - 1; where > SOURCE; where--) {
      Optional<Backfill> read = read(where);
      if (read.filter(each -> each.specification().equals(text)).isPresent()) {
        return read;
      }
    }
    return Optional.empty();
  }

  private Optional<Backfill> read(int where) {
    String condition = String.join("\n", lines.subList(where, lines.size() - AFTER));
    String type = lines.get(2);
    try {
      return Optional.of(
          new Backfill(
              name,
              lines.get(0),
              lines.get(1),
              type.startsWith(ADD) ? Optional.of(type.substring(ADD.length())) : Optional.empty(),
              source(String.join("\n", lines.subList(SOURCE, where))),
              condition.startsWith(WHERE)
                  ? Optional.of(new Predicate(condition.substring(WHERE.length())))
                  : Optional.empty(),
              lines.get(lines.size() - AFTER).equals(Backfill.Fill.TRIGGER.word())
                  ? Backfill.Fill.TRIGGER
                  : Backfill.Fill.SWEEP,
              Backfill.SAMPLE,
              !lines.get(lines.size() - 1).isEmpty()));
    } catch (IllegalArgumentException | TidelineException e) {
      return Optional.empty(); // the condition does not begin there
    }
  }

  private static Backfill.Source source(String text) {
    int over = text.lastIndexOf(OVER);
    int point = over < 0 ? -1 : text.lastIndexOf('.', over);
    if (text.startsWith(COPY) && point > COPY.length()) {
      return new Backfill.Copy(
          text.substring(COPY.length(), point),
          text.substring(point + 1, over),
          List.of(text.substring(over + OVER.length()).split(", ")));
    }
    return new Backfill.Value(
        new Predicate(text.startsWith(VALUE) ? text.substring(VALUE.length()) : ""));
  }
}

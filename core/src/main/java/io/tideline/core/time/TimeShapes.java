package io.tideline.core.time;

import io.tideline.catalogue.NaturalType;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.TimeEncoding;
import io.tideline.plan.TimeEncoding.Shape;
import io.tideline.policy.TimeColumn;
import io.tideline.policy.TimeColumn.Format;
import io.tideline.row.Row;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The forms in which the values of a time column were found, with counts and examples. Fed with a
 * sample it tells the column's encoding; fed with the values that the encoding cannot read, whether
 * any of them are times in another form. Not thread-safe.
 */
public final class TimeShapes {
  private static final int EXAMPLES = 3;
  private static final int LONGEST = 40;
  private static final String UNCHANGED = "Nothing was changed.";

  private final TimeColumn declared;
  private final NaturalType type;
  private final String place;
  private final Classifier classifier;
  private final Map<Written, Found> found = new LinkedHashMap<>();

  /**
   * Shapes of which none is found yet.
   *
   * @param declared what the policy says of the column
   * @param type the column's type; {@code ANY} for an expression
   * @param place the column for errors: {@code events.created_at}
   */
  public TimeShapes(TimeColumn declared, NaturalType type, String place) {
    this.declared = declared;
    this.type = type;
    this.place = place;
    this.classifier = new Classifier(type);
  }

  private static final class Found {
    private long count;
    private final List<String> examples = new ArrayList<>();
  }

  /** Adds value {@code i} of a row; null is passed over. */
  public void add(Row row, int i) {
    if (row.isNull(i)) {
      return;
    }
    Found same = found.computeIfAbsent(classifier.classify(row, i), any -> new Found());
    same.count++;
    if (same.examples.size() < EXAMPLES) {
      String text = row.display(i);
      String example = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
      if (!same.examples.contains(example)) {
        same.examples.add(example);
      }
    }
  }

  /** The values added. */
  public long total() {
    return found.values().stream().mapToLong(each -> each.count).sum();
  }

  /**
   * The encoding of the column; empty if no value was added and its type does not tell (numbers are
   * then taken for seconds, unless declared). A few values that are no times do not matter. Where
   * the policy declares a format, only values of that format do.
   *
   * @throws TidelineException {@code TIME_MIXED} if times are written in several orders, offsets or
   *     units; {@code TIME_UNREADABLE} if there are values and none is a time, or type and declared
   *     format contradict each other
   */
  public Optional<TimeEncoding> detect() {
    Optional<Shape> ofType = nativeShape();
    if (ofType.isPresent() != (declared.format() == Format.NATIVE)
        && (ofType.isEmpty() || declared.format() != Format.AUTO)) {
      throw contradiction();
    }
    if (ofType.isPresent() || total() == 0) {
      return ofType
          .or(this::shapeWithoutValues)
          .map(shape -> new TimeEncoding(shape, "", zone(shape, "")));
    }
    List<Written> times = times();
    if (times.isEmpty()) {
      throw unreadable();
    }
    if (times.size() > 1) {
      throw mixed(times, "its times are written in " + times.size() + " ways");
    }
    Written only = times.get(0);
    Shape shape = only.shape().orElseThrow();
    return Optional.of(new TimeEncoding(shape, only.offset(), zone(shape, only.offset())));
  }

  /**
   * Whether every time added sorts among those of the encoding: no other separator, offset or
   * storage. Numbers sort among numbers, whatever their unit.
   */
  public boolean sameOrder(TimeEncoding encoding) {
    return strangers(encoding).isEmpty();
  }

  /**
   * Refuses times that do not sort among those of the encoding.
   *
   * @throws TidelineException {@code TIME_MIXED} unless {@link #sameOrder}
   */
  public void requireSameOrder(TimeEncoding encoding) {
    List<Written> strangers = strangers(encoding);
    if (!strangers.isEmpty()) {
      throw mixed(strangers, "beside " + encoding.display() + " it has times written otherwise");
    }
  }

  private List<Written> strangers(TimeEncoding encoding) {
    if (nativeShape().isPresent()) {
      return List.of();
    }
    boolean numbers = encoding.shape().name().matches("EPOCH_.*|JULIAN_DAY");
    return times().stream()
        .filter(each -> !(numbers && each.number()))
        .filter(
            each ->
                each.shape().orElseThrow() != encoding.shape()
                    || !each.offset().equals(encoding.offset()))
        .toList();
  }

  /** The forms found that are times, as far as the declared format goes; the commonest first. */
  private List<Written> times() {
    Map<Written, Long> times = new LinkedHashMap<>();
    found.forEach(
        (written, values) ->
            declaredAs(written)
                .filter(each -> each.shape().isPresent())
                .ifPresent(each -> times.merge(each, values.count, Long::sum)));
    return times.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** What a value is if the declared format holds; empty if it is none of that format. */
  private Optional<Written> declaredAs(Written written) {
    boolean iso = written.shape().filter(shape -> shape.name().startsWith("ISO_")).isPresent();
    boolean text = written.shape().isPresent() && !written.number() && !iso;
    return switch (declared.format()) {
      case AUTO -> Optional.of(written);
      case ISO -> Optional.of(written).filter(each -> iso);
      case NATIVE -> Optional.empty();
      case JULIAN_DAY ->
          Optional.of(Written.number(Shape.JULIAN_DAY)).filter(each -> written.number());
      case EPOCH_S, EPOCH_MS, EPOCH_US, EPOCH_NS -> {
        EpochUnit unit = EpochUnit.valueOf(declared.format().name().substring("EPOCH_".length()));
        yield written.number()
            ? Optional.of(Written.number(unit.numbers))
            : Optional.of(Written.text(unit.text, "")).filter(each -> text);
      }
    };
  }

  private Optional<Shape> nativeShape() {
    return switch (type.family()) {
      case DATE -> Optional.of(Shape.NATIVE_DATE);
      case TIMESTAMP -> Optional.of(Shape.NATIVE_TIMESTAMP);
      case TIMESTAMP_UTC -> Optional.of(Shape.NATIVE_INSTANT);
      default -> Optional.empty();
    };
  }

  /** A column of numbers is compared with numbers, though it holds none yet. */
  private Optional<Shape> shapeWithoutValues() {
    return switch (type.family()) {
      case INT32, INT64, FLOAT32, FLOAT64, DECIMAL ->
          switch (declared.format()) {
            case AUTO -> Optional.of(Shape.EPOCH_S);
            case ISO, NATIVE -> Optional.empty();
            default -> Optional.of(Shape.valueOf(declared.format().name()));
          };
      default -> Optional.empty();
    };
  }

  private ZoneId zone(Shape shape, String offset) {
    boolean naive =
        shape.name().startsWith("ISO_")
            || shape == Shape.NATIVE_DATE
            || shape == Shape.NATIVE_TIMESTAMP;
    return naive && offset.isEmpty() ? declared.zone() : ZoneOffset.UTC;
  }

  private TidelineException contradiction() {
    return new TidelineException(
        ErrorCode.TIME_UNREADABLE,
        "Cannot read the times of "
            + place
            + " as '"
            + declared.format().word()
            + "': the type of the column is "
            + (nativeShape().isPresent() ? "" : "not ")
            + "a time type of the database.",
        UNCHANGED,
        "Leave 'format' out, or write 'format: auto'.");
  }

  private TidelineException unreadable() {
    return new TidelineException(
        ErrorCode.TIME_UNREADABLE,
        "Cannot read the times of "
            + place
            + (declared.format() == Format.AUTO ? "" : " as '" + declared.format().word() + "'")
            + ": none of "
            + number(total())
            + " values is a time; they are "
            + describe(List.copyOf(found.keySet()))
            + ".",
        UNCHANGED,
        "Name another column, declare how it is written (format: epoch-s), or give an exact"
            + " expression: time: {sql: \"…\"}.");
  }

  private TidelineException mixed(List<Written> forms, String what) {
    boolean units = forms.stream().allMatch(Written::number);
    return new TidelineException(
        ErrorCode.TIME_MIXED,
        "Cannot tell by order which rows of "
            + place
            + " are old: "
            + what
            + ": "
            + describe(forms)
            + ".",
        UNCHANGED,
        units
            ? "Declare the unit (format: "
                + forms.get(0).shape().orElseThrow().word()
                + "), and numbers that are fresh in another unit are kept; or give an exact"
                + " expression: time: {sql: \"…\"}."
            : "Write all of them in one form, or give the policy an exact expression that does:"
                + " time: {sql: \"…\"}.");
  }

  private String describe(List<Written> forms) {
    return forms.stream().map(this::describe).collect(Collectors.joining("; "));
  }

  private String describe(Written form) {
    long count = 0;
    List<String> examples = new ArrayList<>();
    for (Map.Entry<Written, Found> each : found.entrySet()) {
      if (each.getKey().equals(form) || declaredAs(each.getKey()).equals(Optional.of(form))) {
        count += each.getValue().count;
        examples.addAll(each.getValue().examples);
      }
    }
    return number(count)
        + " "
        + form.display()
        + " ("
        + String.join(", ", examples.subList(0, Math.min(EXAMPLES, examples.size())))
        + ")";
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}

package io.tideline.config;

import io.tideline.policy.Span;
import io.tideline.tuning.QueryParameter;
import io.tideline.tuning.QueryValue;
import io.tideline.tuning.TimeForm;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the sample values of a query's parameter. */
final class ParameterReader {
  private static final List<String> TYPES =
      List.of("text", "integer", "real", "boolean", "timestamp", "blob");
  private static final List<String> FORMS =
      Arrays.stream(TimeForm.values()).map(TimeForm::word).toList();

  private final Reading reading;
  private final String query;

  ParameterReader(Reading reading, String query) {
    this.reading = reading;
    this.query = query;
  }

  /** The parameter; empty, with problems noted, if a value is none. */
  Optional<QueryParameter> read(String name, Node node) {
    String label = "parameter '" + name + "' of query '" + query + "'";
    if (!(node instanceof MappingNode)) {
      return value(node, label).map(value -> QueryParameter.of(name, value));
    }
    Optional<Entries> entries = Entries.of(node, label, Keys.PARAMETER, reading);
    Optional<Node> samples = entries.flatMap(each -> each.value("sample"));
    if (samples.isEmpty()) {
      return entries.flatMap(this::mapping).map(value -> QueryParameter.of(name, value));
    }
    if (entries.get().values().size() > 1
        || !(samples.get() instanceof SequenceNode list)
        || list.getValue().isEmpty()) {
      reading.problem(
          node,
          "'sample' of " + label + " must be a list of values, and stand alone.",
          "Write '{sample: [first, second]}'.");
      return Optional.empty();
    }
    List<QueryValue> values = new ArrayList<>();
    for (Node each : list.getValue()) {
      sample(each, label).ifPresent(values::add);
    }
    return values.size() == list.getValue().size()
        ? Optional.of(new QueryParameter(name, values))
        : Optional.empty();
  }

  private Optional<QueryValue> sample(Node node, String label) {
    return node instanceof MappingNode
        ? Entries.of(node, label, Keys.SAMPLE, reading).flatMap(this::mapping)
        : value(node, label);
  }

  /** A value by the type that YAML gives it. */
  private Optional<QueryValue> value(Node node, String label) {
    if (!(node instanceof ScalarNode scalar)) {
      reading.problem(node, capital(label) + " must be a single value.", example());
      return Optional.empty();
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      return Optional.of(new QueryValue.Nothing());
    }
    if (scalar.getTag().equals(Tag.STR) && scalar.getValue().isBlank()) {
      return Optional.of(new QueryValue.Text(scalar.getValue()));
    }
    String type =
        scalar.getTag().equals(Tag.INT)
            ? "integer"
            : scalar.getTag().equals(Tag.FLOAT)
                ? "real"
                : scalar.getTag().equals(Tag.BOOL) ? "boolean" : "text";
    return reading
        .scalar(node, label)
        .flatMap(value -> typed(type, value, label, Optional.empty()));
  }

  private Optional<QueryValue> mapping(Entries entries) {
    Optional<TimeForm> form =
        entries
            .scalar("as")
            .flatMap(as -> reading.oneOf(as, entries.label("as"), FORMS))
            .map(word -> TimeForm.values()[FORMS.indexOf(word)]);
    boolean ago = entries.value("ago").isPresent();
    boolean typed = entries.value("type").isPresent() || entries.value("value").isPresent();
    if (ago == typed) {
      reading.problem(
          entries.node(),
          capital(entries.label("type")) + " and 'ago' are both " + (ago ? "given." : "missing."),
          example());
      return Optional.empty();
    }
    return ago ? ago(entries, form) : typed(entries, form);
  }

  private Optional<QueryValue> ago(Entries entries, Optional<TimeForm> form) {
    return entries
        .scalar("ago")
        .flatMap(ago -> reading.parse(ago, text -> span(text, entries.label("ago"))))
        .map(ago -> new QueryValue.Ago(ago, form.orElse(TimeForm.TIMESTAMP)));
  }

  private static Duration span(String text, String label) {
    return text.equals("0") ? Duration.ZERO : Span.parse(text, label);
  }

  private Optional<QueryValue> typed(Entries entries, Optional<TimeForm> form) {
    Optional<String> type =
        entries
            .required("type", "type: text")
            .flatMap(word -> reading.oneOf(word, entries.label("type"), TYPES));
    if (type.isEmpty()) {
      return Optional.empty();
    }
    boolean empty =
        entries.value("value").filter(ScalarNode.class::isInstance).isPresent()
            && ((ScalarNode) entries.value("value").get()).getValue().isEmpty();
    if (empty && type.get().equals("text")) {
      return Optional.of(new QueryValue.Text(""));
    }
    return entries
        .required("value", "value: ...")
        .flatMap(value -> typed(type.get(), value, entries.label("value"), form));
  }

  private Optional<QueryValue> typed(
      String type, Scalar scalar, String label, Optional<TimeForm> form) {
    String text = scalar.value();
    try {
      return Optional.of(
          switch (type) {
            case "integer" -> new QueryValue.Whole(Long.parseLong(text));
            case "real" -> new QueryValue.Real(real(text));
            case "boolean" -> new QueryValue.Truth(truth(text));
            case "blob" -> new QueryValue.Bytes(text);
            case "timestamp" -> new QueryValue.At(instant(text), form.orElse(TimeForm.TIMESTAMP));
            default -> new QueryValue.Text(text);
          });
    } catch (IllegalArgumentException | DateTimeParseException e) {
      reading.problem(
          scalar.node(),
          capital(label) + " cannot be '" + scalar.raw() + "': it is no " + type + ".",
          example(type));
      return Optional.empty();
    }
  }

  private static double real(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case ".inf", "+.inf" -> Double.POSITIVE_INFINITY;
      case "-.inf" -> Double.NEGATIVE_INFINITY;
      case ".nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static boolean truth(String text) {
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException("Cannot read " + text);
    }
    return Boolean.parseBoolean(text);
  }

  private static Instant instant(String text) {
    String iso = text.strip().replace(' ', 'T');
    String whole = iso.length() == "2026-05-02".length() ? iso + "T00:00:00" : iso;
    return Instant.parse(whole.matches(".*(Z|[+-]\\d\\d:\\d\\d)$") ? whole : whole + "Z");
  }

  private static String example() {
    return "Write a value, {type: timestamp, value: \"2026-05-02 10:00:00\"}, or {ago: 10m, as:"
        + " epoch-s}.";
  }

  private static String example(String type) {
    return "Write one as "
        + switch (type) {
          case "integer" -> "42";
          case "real" -> "1.5";
          case "boolean" -> "true";
          case "blob" -> "00ff, two hexadecimal digits for each byte";
          default -> "2026-05-02 10:00:00, in UTC";
        }
        + ".";
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}

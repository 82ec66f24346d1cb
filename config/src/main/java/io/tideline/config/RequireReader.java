package io.tideline.config;

import io.tideline.error.TidelineException;
import io.tideline.policy.Require;
import io.tideline.policy.Span;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads what must be so before rows go: of the file, and of a policy, whose keys add to the file's
 * and override them; {@code off} takes one away.
 */
final class RequireReader {
  private static final String OFF = "off";
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?)%");

  private final Reading reading;

  RequireReader(Reading reading) {
    this.reading = reading;
  }

  /**
   * The guards.
   *
   * @param others those that hold where nothing is said
   */
  Require read(Entries entries, Require others) {
    return entries
        .value("require")
        .filter(node -> !node.getTag().equals(Tag.NULL))
        .flatMap(node -> read(node, entries.label("require"), others))
        .orElse(others);
  }

  private Optional<Require> read(Node node, String label, Require others) {
    return Entries.of(node, label, Keys.REQUIRE, reading).map(each -> keys(each, others));
  }

  private Require keys(Entries entries, Require others) {
    return new Require(
        read(entries, "backup", others.backup(), s -> age(s, entries)),
        read(entries, "free_disk", others.freeDisk(), s -> size(s, entries)),
        read(entries, "max_eligible", others.maxEligible(), s -> share(s, entries)),
        read(entries, "none", others.none(), this::query));
  }

  private static <T> Optional<T> read(
      Entries entries, String key, Optional<T> other, Function<Scalar, Optional<T>> reader) {
    if (entries.value(key).isEmpty()) {
      return other;
    }
    return entries.scalar(key).filter(s -> !s.value().equals(OFF)).flatMap(reader);
  }

  private Optional<Duration> age(Scalar scalar, Entries entries) {
    return reading.parse(scalar, text -> Span.parse(text, entries.label("backup")));
  }

  private Optional<Long> size(Scalar scalar, Entries entries) {
    OptionalLong bytes = Sizes.parse(scalar.value());
    return bytes.isPresent()
        ? Optional.of(bytes.getAsLong())
        : wrong(scalar, entries.label("free_disk"), "Write a size above zero, such as '2GB'.");
  }

  private Optional<Double> share(Scalar scalar, Entries entries) {
    Matcher form = SHARE.matcher(scalar.value());
    double share = form.matches() ? Double.parseDouble(form.group(1)) / 100 : 0;
    return share > 0 && share <= 1
        ? Optional.of(share)
        : wrong(
            scalar,
            entries.label("max_eligible"),
            "Write a share above 0% and at most 100%, such as '40%'.");
  }

  private Optional<String> query(Scalar scalar) {
    try {
      new Require(
          Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(scalar.value()));
      return Optional.of(scalar.value());
    } catch (TidelineException e) {
      reading.problem(scalar.node(), scalar.mask(e.what()), e.mend());
      return Optional.empty();
    }
  }

  private <T> Optional<T> wrong(Scalar scalar, String label, String mend) {
    reading.problem(scalar.node(), label + " cannot be '" + scalar.raw() + "'.", mend);
    return Optional.empty();
  }
}

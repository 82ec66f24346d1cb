package io.tideline.config;

import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.policy.Probe;
import io.tideline.policy.Span;
import io.tideline.policy.Terms;
import io.tideline.policy.Window;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads on which terms runs work: of the file, and of a policy, which overrides the file's. */
final class TermsReader {
  private static final List<String> BASES =
      Arrays.stream(Pace.Base.values()).map(Pace.Base::word).toList();
  private static final Pattern SHARE = Pattern.compile("(\\d{1,3})%");

  private final Reading reading;

  TermsReader(Reading reading) {
    this.reading = reading;
  }

  /**
   * The terms.
   *
   * @param others those that hold where nothing is said
   */
  Terms read(Entries entries, Terms others) {
    return new Terms(
        entries.value("pace").flatMap(node -> pace(node, entries)).orElse(others.pace()),
        window(entries).or(others::window),
        entries.value("probe").flatMap(node -> probe(node, entries)).or(others::probe),
        new RequireReader(reading).read(entries, others.require()));
  }

  private Optional<Pace> pace(Node node, Entries entries) {
    if (!(node instanceof MappingNode)) {
      return entries.scalar("pace").flatMap(s -> base(s, entries.label("pace")));
    }
    return Entries.of(node, entries.label("pace"), Keys.PACE, reading).flatMap(this::pace);
  }

  private Optional<Pace> base(Scalar scalar, String label) {
    return reading
        .oneOf(scalar, label, BASES)
        .map(word -> Pace.of(Pace.Base.valueOf(word.toUpperCase(Locale.ROOT))));
  }

  private Optional<Pace> pace(Entries entries) {
    Pace base =
        entries.scalar("base").flatMap(s -> base(s, entries.label("base"))).orElse(Pace.GENTLE);
    try {
      return Optional.of(
          new Pace(
              base.base(),
              span(entries, "lock").or(base::lock),
              share(entries, "work").orElse(base.work()),
              (int) rows(entries, "smallest").orElse(base.smallest()),
              (int) rows(entries, "largest").orElse(base.largest()),
              bytes(entries, "log").orElse(base.log()),
              span(entries, "lag").orElse(base.lag()),
              span(entries, "patience").orElse(base.patience())));
    } catch (TidelineException e) {
      reading.problem(entries.node(), e.what(), e.mend());
      return Optional.empty();
    }
  }

  private Optional<Duration> span(Entries entries, String key) {
    return entries
        .scalar(key)
        .flatMap(s -> reading.parse(s, text -> Span.parse(text, entries.label(key))));
  }

  private Optional<Double> share(Entries entries, String key) {
    return entries.scalar(key).flatMap(s -> share(s, entries.label(key)));
  }

  private Optional<Double> share(Scalar scalar, String label) {
    Matcher form = SHARE.matcher(scalar.value());
    if (form.matches()) {
      return Optional.of(Integer.parseInt(form.group(1)) / 100.0);
    }
    return wrong(scalar, label, "Write a share such as '25%'.");
  }

  private <T> Optional<T> wrong(Scalar scalar, String label, String mend) {
    reading.problem(scalar.node(), label + " cannot be '" + scalar.raw() + "'.", mend);
    return Optional.empty();
  }

  private OptionalLong rows(Entries entries, String key) {
    Optional<Long> rows =
        entries
            .scalar(key)
            .flatMap(
                s ->
                    s.value().matches("\\d{1,7}")
                        ? Optional.of(Long.valueOf(s.value()))
                        : wrong(s, entries.label(key), "Write a number of rows."));
    return rows.map(OptionalLong::of).orElse(OptionalLong.empty());
  }

  private OptionalLong bytes(Entries entries, String key) {
    Optional<Scalar> scalar = entries.scalar(key);
    OptionalLong bytes = scalar.map(s -> Sizes.parse(s.value())).orElse(OptionalLong.empty());
    if (scalar.isPresent() && bytes.isEmpty()) {
      wrong(scalar.get(), entries.label(key), "Write a size above zero, such as '16MB'.");
    }
    return bytes;
  }

  private Optional<Window> window(Entries entries) {
    return entries.scalar("window").flatMap(s -> reading.parse(s, Window::parse));
  }

  private Optional<Probe> probe(Node node, Entries entries) {
    return Entries.of(node, entries.label("probe"), Keys.PROBE, reading).flatMap(this::probe);
  }

  private Optional<Probe> probe(Entries entries) {
    Optional<Duration> atMost =
        entries
            .required("at_most", "at_most: 50ms")
            .flatMap(s -> reading.parse(s, text -> Span.parse(text, entries.label("at_most"))));
    Optional<URI> url = entries.scalar("url").flatMap(s -> url(s, entries.label("url")));
    Duration every = span(entries, "every").orElse(Probe.EVERY);
    if (atMost.isEmpty() || entries.value("url").isPresent() && url.isEmpty()) {
      return Optional.empty(); // told already
    }
    try {
      return Optional.of(
          new Probe(entries.scalar("query").map(Scalar::value), url, atMost.get(), every));
    } catch (TidelineException e) {
      reading.problem(entries.node(), e.what(), e.mend());
      return Optional.empty();
    }
  }

  private Optional<URI> url(Scalar scalar, String label) {
    try {
      return Optional.of(new URI(scalar.value()));
    } catch (URISyntaxException e) {
      return wrong(scalar, label, "Write an address such as http://localhost:8080/health.");
    }
  }
}

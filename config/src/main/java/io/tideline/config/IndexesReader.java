package io.tideline.config;

import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Reads the declared indexes, as they shall be in the engine of this file's database. */
final class IndexesReader {
  static final String SQLITE = "sqlite";
  static final String POSTGRESQL = "postgresql";
  private static final List<String> WORDS = List.of("true", "false");

  private final Reading reading;
  private final Optional<String> engine;

  /**
   * @param scheme that of the database's URL, if there is one
   */
  IndexesReader(Reading reading, Optional<String> scheme) {
    this.reading = reading;
    this.engine = scheme.map(each -> each.startsWith("postgres") ? POSTGRESQL : each);
  }

  List<IndexSpec> read(Node node) {
    List<IndexSpec> indexes = new ArrayList<>();
    Entries.ofNames(node, "'indexes' of the file", reading)
        .ifPresent(
            names -> names.values().forEach((name, n) -> index(name, n).ifPresent(indexes::add)));
    return indexes;
  }

  private Optional<IndexSpec> index(String name, Node node) {
    String where = "index '" + name + "'";
    Optional<Entries> common = Entries.of(node, where, Keys.INDEX, reading);
    if (common.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> only =
        common
            .get()
            .scalar("only")
            .flatMap(
                s -> reading.oneOf(s, common.get().label("only"), List.of(SQLITE, POSTGRESQL)));
    Optional<IndexSpec> read = Optional.empty();
    for (String each : List.of(SQLITE, POSTGRESQL)) {
      Optional<Entries> own =
          common
              .get()
              .value(each)
              .filter(n -> !n.getTag().equals(Tag.NULL))
              .flatMap(
                  n -> Entries.of(n, "'" + each + "' of " + where, Keys.INDEX_OF_ENGINE, reading));
      boolean meant = engine.isEmpty() || engine.get().equals(each);
      if (meant && (only.isEmpty() || only.get().equals(each))) {
        read = new Of(name, common.get(), own).read();
      }
    }
    return read;
  }

  /** One index: what is said of the engine stands in the place of what is said of all. */
  private final class Of {
    private final String name;
    private final Entries common;
    private final Optional<Entries> own;

    Of(String name, Entries common, Optional<Entries> own) {
      this.name = name;
      this.common = common;
      this.own = own;
    }

    private Entries holder(String key) {
      return own.filter(each -> each.value(key).isPresent()).orElse(common);
    }

    private Optional<Scalar> scalar(String key) {
      return holder(key).scalar(key);
    }

    private boolean flag(String key) {
      return scalar(key)
          .flatMap(s -> reading.oneOf(s, holder(key).label(key), WORDS))
          .map(Boolean::valueOf)
          .orElse(false);
    }

    Optional<IndexSpec> read() {
      boolean absent = flag("absent");
      Optional<Scalar> table = holder("table").required("table", "table: name");
      String collation = scalar("collation").map(Scalar::value).orElse("");
      Optional<List<IndexColumn>> columns =
          new IndexColumnsReader(reading, collation).read(holder("columns"), absent);
      Optional<List<String>> include =
          holder("include").value("include").isEmpty()
              ? Optional.of(List.of())
              : holder("include").names("include", "include: [column]");
      if (table.isEmpty() || columns.isEmpty() || include.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(
            new IndexSpec(
                name,
                table.get().value(),
                columns.get(),
                flag("unique"),
                scalar("where").map(Scalar::value).orElse(""),
                include.get(),
                scalar("method").map(Scalar::value).orElse(""),
                absent));
      } catch (IllegalArgumentException e) {
        reading.problem(common.node(), e.getMessage() + ".", "Correct it, or remove it.");
      } catch (TidelineException e) {
        reading.problem(holder("where").node(), e.what(), e.mend());
      }
      return Optional.empty();
    }
  }
}

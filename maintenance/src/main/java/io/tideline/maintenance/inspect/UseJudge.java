package io.tideline.maintenance.inspect;

import io.tideline.catalogue.TableName;
import io.tideline.health.Amount;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.ForeignKeyFacts;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.TableFacts;
import io.tideline.health.Thresholds;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which indexes nobody reads, and which foreign keys lack one. */
final class UseJudge {
  /** Below so many rows reading a whole table is no trouble. */
  private static final long FEW = 1_000;

  private static final long MANY = 10_000;

  private final Thresholds thresholds;
  private final Instant now;
  private final Map<TableName, List<IndexFacts>> byTable = new HashMap<>();
  private final IndexSurvey survey;

  UseJudge(Thresholds thresholds, Instant now, IndexSurvey survey) {
    this.thresholds = thresholds;
    this.now = now;
    this.survey = survey;
    for (IndexFacts index : survey.indexes()) {
      byTable.computeIfAbsent(index.table(), unused -> new ArrayList<>()).add(index);
    }
  }

  /** The indexes that were never read, but those that must stay or were told of already. */
  List<Finding> unused(
      List<ForeignKeyFacts> keys,
      Set<IndexFacts> told,
      IdleIndexes known,
      Function<IndexFacts, String> drop) {
    List<Finding> findings = new ArrayList<>();
    for (IndexFacts index : survey.indexes()) {
      boolean free = !index.unique() && !index.needed() && !index.part() && index.valid();
      boolean idle = index.scans().isPresent() && index.scans().getAsLong() == 0;
      boolean large = index.bytes().orElse(0) >= thresholds.bytes();
      if (free && idle && large && !told.contains(index) && !served(index, keys)) {
        findings.add(unused(index, known).mend(Remedy.sql(drop.apply(index), note(index))));
      }
    }
    return findings;
  }

  private boolean served(IndexFacts index, List<ForeignKeyFacts> keys) {
    return keys.stream().anyMatch(key -> key.from().equals(index.table()) && serves(index, key));
  }

  /** The planner goes by the statistics of an expression, whether its index is read or not. */
  private static boolean ofExpression(IndexFacts index) {
    return index.parts().stream().anyMatch(part -> part.column().isEmpty());
  }

  private String note(IndexFacts index) {
    return Stream.of(
            replicas(),
            ofExpression(index) ? "the planner's statistics of its expression go with it" : "")
        .filter(each -> !each.isEmpty())
        .collect(Collectors.joining("; "));
  }

  private String replicas() {
    return survey.replicas() == 0
        ? ""
        : "first ask the "
            + Figures.count(survey.replicas(), "replica")
            + ", which count their own reads";
  }

  private Finding unused(IndexFacts index, IdleIndexes known) {
    Instant seen = known.since(index);
    Instant from = survey.since().filter(seen::isBefore).orElse(seen);
    boolean counted = Duration.between(from, now).compareTo(thresholds.counted()) >= 0;
    String since =
        survey
                .since()
                .map(each -> "since " + each.toString().substring(0, 10))
                .orElse("of unknown age")
            + (seen.isBefore(now)
                ? ", inspected since " + seen.toString().substring(0, 10)
                : ", inspected for the first time");
    long bytes = index.bytes().orElse(0);
    Certainty sure = IndexJudge.proof(counted, survey.replicas());
    return Finding.of(
            Check.UNUSED_INDEX,
            sure == Certainty.LIKELY && !ofExpression(index) ? Severity.WARNING : Severity.INFO,
            index.display(),
            "no read used it; it takes " + Figures.bytes(bytes))
        .by(
            "statistics "
                + since
                + (survey.replicas() > 0
                    ? ", without " + Figures.count(survey.replicas(), "replica")
                    : ""),
            sure)
        .freeing(bytes);
  }

  /** The foreign keys without an index by which the rows that refer are found. */
  List<Finding> unindexed(List<ForeignKeyFacts> keys, List<TableFacts> tables) {
    Map<TableName, Amount> rows = new HashMap<>();
    tables.forEach(table -> table.rows().ifPresent(count -> rows.put(table.name(), count)));
    List<Finding> findings = new ArrayList<>();
    for (ForeignKeyFacts key : keys) {
      Amount count = rows.getOrDefault(key.from(), new Amount(FEW, "not known"));
      List<IndexFacts> indexes = byTable.getOrDefault(key.from(), List.of());
      boolean found = indexes.stream().anyMatch(index -> serves(index, key));
      Optional<String> part =
          indexes.stream().flatMap(index -> begins(index, key).stream()).findFirst();
      if (!found && part.isEmpty() && count.value() >= FEW) {
        findings.add(unindexed(key, count));
      } else if (!found && part.isPresent() && count.value() >= MANY) {
        findings.add(partly(unindexed(key, count), key, part.get()));
      }
    }
    return findings;
  }

  /** An index over one of several columns leads to the rows, and to others. */
  private static Finding partly(Finding whole, ForeignKeyFacts key, String column) {
    return new Finding(
        whole.check(),
        Severity.INFO,
        whole.place(),
        "only by "
            + column
            + " an index leads from a row of "
            + key.to()
            + " to the rows of "
            + key.from()
            + " that refer to it",
        "each row deleted from the other table reads all rows with the same " + column,
        whole.basis(),
        whole.certainty(),
        0,
        whole.remedies());
  }

  private static Finding unindexed(ForeignKeyFacts key, Amount rows) {
    return Finding.of(
            Check.FOREIGN_KEY_UNINDEXED,
            rows.value() >= MANY ? Severity.WARNING : Severity.INFO,
            key.from() + "(" + String.join(", ", key.columns()) + ")",
            "no index leads from a row of "
                + key.to()
                + " to the rows of "
                + key.from()
                + (rows.isLeast()
                    ? " that refer to it, among at least "
                    : " that refer to it, among ")
                + Figures.count(rows.value(), "row"))
        .by(rows.basis(), certainty(rows))
        .mend(Remedy.sql(key.statement()));
  }

  private static Certainty certainty(Amount rows) {
    if (rows.isLeast()) {
      return Certainty.GUESS;
    }
    return rows.isExact() ? Certainty.SURE : Certainty.LIKELY;
  }

  /** Whether its first columns are these in any order, and it holds every row that refers. */
  private static boolean serves(IndexFacts index, ForeignKeyFacts key) {
    List<String> columns = key.columns();
    boolean whole =
        index.predicate().isEmpty()
            || columns.stream().anyMatch(column -> present(index.predicate(), column));
    return index.valid()
        && whole
        && index.parts().size() >= columns.size()
        && (index.method().equals("btree") || columns.size() == 1 && index.method().equals("hash"))
        && columns.stream()
            .allMatch(
                column ->
                    index.parts().subList(0, columns.size()).stream()
                        .anyMatch(part -> part.column().equals(column) && key.leads(part)));
  }

  /** The column that an index of all rows begins with, if it is one of these. */
  private static Optional<String> begins(IndexFacts index, ForeignKeyFacts key) {
    return index.valid() && index.predicate().isEmpty() && index.method().equals("btree")
        ? Optional.of(index.parts().get(0)).filter(key::leads).map(IndexFacts.Part::column)
        : Optional.empty();
  }

  /** A row that refers has a value there. */
  private static boolean present(String predicate, String column) {
    String plain = predicate.replaceAll("[()\"]", "").strip();
    return plain.equalsIgnoreCase(column + " IS NOT NULL");
  }
}

package io.tideline.maintenance.inspect;

import io.tideline.catalogue.TableName;
import io.tideline.health.Certainty;
import io.tideline.health.Check;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import io.tideline.health.Thresholds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Which indexes repeat what another one does. */
final class IndexJudge {
  private final Thresholds thresholds;
  private final Function<IndexFacts, String> drop;
  private final Set<IndexFacts> needless = new HashSet<>();

  /**
   * @param drop the statement that removes an index
   */
  IndexJudge(Thresholds thresholds, Function<IndexFacts, String> drop) {
    this.thresholds = thresholds;
    this.drop = drop;
  }

  /** Those that were found to repeat another. */
  Set<IndexFacts> needless() {
    return needless;
  }

  List<Finding> repeated(IndexSurvey survey) {
    Map<TableName, List<IndexFacts>> byTable = new LinkedHashMap<>();
    for (IndexFacts index : survey.indexes()) {
      if (index.valid() && !index.part()) {
        byTable.computeIfAbsent(index.table(), unused -> new ArrayList<>()).add(index);
      }
    }
    List<Finding> findings = new ArrayList<>();
    byTable.values().forEach(indexes -> findings.addAll(ofTable(indexes)));
    return findings;
  }

  /** Each is compared with those that stay: of two alike one stays. */
  private List<Finding> ofTable(List<IndexFacts> indexes) {
    List<IndexFacts> worthiest =
        indexes.stream()
            .sorted(
                Comparator.comparing(IndexFacts::needed)
                    .thenComparing(IndexFacts::unique)
                    .thenComparing(index -> index.parts().size())
                    .thenComparing(index -> index.include().size())
                    .reversed()
                    .thenComparing(IndexFacts::name))
            .toList();
    List<IndexFacts> staying = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    for (IndexFacts index : worthiest) {
      Optional<IndexFacts> better =
          index.needed()
              ? Optional.empty()
              : staying.stream().filter(other -> covers(other, index)).findFirst();
      if (better.isPresent()) {
        needless.add(index);
        findings.add(finding(index, better.get()));
      } else {
        staying.add(index);
      }
    }
    return findings;
  }

  private Finding finding(IndexFacts index, IndexFacts other) {
    boolean same = same(index.parts(), other.parts()) && held(index).equals(held(other));
    long bytes = index.bytes().orElse(0);
    boolean small = index.bytes().isPresent() && bytes < thresholds.bytes();
    return Finding.of(
            same ? Check.DUPLICATE_INDEX : Check.COVERED_INDEX,
            same || !small ? Severity.WARNING : Severity.INFO,
            index.display(),
            columns(index)
                + (same ? " is the same as " : " is the beginning of ")
                + other.display()
                + " "
                + columns(other)
                + (bytes > 0 ? "; it takes " + Figures.bytes(bytes) : ""))
        .freeing(bytes)
        .mend(Remedy.sql(drop.apply(index)));
  }

  private static String columns(IndexFacts index) {
    List<String> parts = new ArrayList<>();
    for (IndexFacts.Part part : index.parts()) {
      String name = part.column().isEmpty() ? part.expression() : part.column();
      parts.add(name + (part.descending() ? " DESC" : ""));
    }
    return "(" + String.join(", ", parts) + ")";
  }

  /** Whether everything that {@code less} serves, {@code more} serves as well. */
  static boolean covers(IndexFacts more, IndexFacts less) {
    List<IndexFacts.Part> wanted = order(less);
    List<IndexFacts.Part> given = order(more);
    boolean begins = given.size() >= wanted.size() && same(wanted, given.subList(0, wanted.size()));
    boolean whole = more.parts().size() == less.parts().size();
    boolean forbids =
        !less.unique() || whole && more.unique() && more.nullsEqual() == less.nullsEqual();
    boolean ordered = whole || more.method().equals("btree");
    return begins
        && forbids
        && ordered
        && known(less)
        && more.method().equals(less.method())
        && more.predicate().equals(less.predicate())
        && held(more).containsAll(less.include());
  }

  /** By what its entries stand in order, to the last: what is a part already orders no more. */
  private static List<IndexFacts.Part> order(IndexFacts index) {
    List<IndexFacts.Part> order = new ArrayList<>(index.parts());
    for (IndexFacts.Part next : index.following()) {
      if (order.stream().noneMatch(part -> alike(part, next))) {
        order.add(next);
      }
    }
    return order;
  }

  private static boolean alike(IndexFacts.Part one, IndexFacts.Part other) {
    return one.column().equals(other.column())
        && one.expression().equals(other.expression())
        && one.collation().equals(other.collation());
  }

  /** An expression whose text nobody knows equals nothing. */
  private static boolean known(IndexFacts index) {
    return index.parts().stream()
        .allMatch(part -> !part.column().isEmpty() || !part.expression().isEmpty());
  }

  private static Set<String> held(IndexFacts index) {
    Set<String> held = new HashSet<>(index.include());
    index.parts().forEach(part -> held.add(part.column()));
    return held;
  }

  /** In the same order, or throughout in the opposite one: an index is read both ways. */
  private static boolean same(List<IndexFacts.Part> one, List<IndexFacts.Part> other) {
    return one.equals(other) || one.equals(other.stream().map(IndexJudge::mirrored).toList());
  }

  private static IndexFacts.Part mirrored(IndexFacts.Part part) {
    return new IndexFacts.Part(
        part.column(),
        part.expression(),
        part.collation(),
        part.operators(),
        !part.descending(),
        !part.nullsFirst());
  }

  /** How sure an unused index is unused. */
  static Certainty proof(boolean counted, int replicas) {
    return counted && replicas == 0 ? Certainty.LIKELY : Certainty.GUESS;
  }
}

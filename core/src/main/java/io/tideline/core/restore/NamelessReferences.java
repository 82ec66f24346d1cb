package io.tideline.core.restore;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.Manifest;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Writer;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;

/**
 * The references of one file whose rows no key names but a hidden one: they are set again while
 * that is the same, and where the other values tell the row.
 */
final class NamelessReferences {
  private static final String OLDER = "an older reference; the row referred to another one later";
  private static final String NONE =
      "no key names the row that referred, and none that lacks the reference has its other values"
          + " now";

  private final RunContext context;
  private final Writer writer;
  private final ChosenDetached chosen;
  private final ReferencePlace place;
  private final ReferenceCounts counts;
  private final BitSet attached;
  private final Memory memory;
  private final boolean sameKeys;
  private final List<String> loose;
  private final List<String> firm;
  private final List<NamelessRows.Lost> lost = new ArrayList<>();
  private final BitSet strangers = new BitSet();
  private final Map<Integer, Row> hidden = new HashMap<>();
  private final Map<Integer, Row> located = new HashMap<>();

  /** What is known of the rows of all files. */
  static final class Memory {
    private final Set<List<Object>> seen = new HashSet<>();
    private final Map<List<Object>, Row> places = new HashMap<>();
    private final Map<List<Object>, NamelessRows> rows = new HashMap<>();
  }

  /**
   * @param place where they stand, the rows named by their hidden key
   * @param sameKeys whether the hidden keys of the archive name the rows yet
   */
  NamelessReferences(
      RunContext context,
      Writer writer,
      ChosenDetached chosen,
      ReferencePlace place,
      ReferenceCounts counts,
      BitSet attached,
      Memory memory,
      boolean sameKeys) {
    this.context = context;
    this.writer = writer;
    this.chosen = chosen;
    this.place = place;
    this.counts = counts;
    this.attached = attached;
    this.memory = memory;
    this.sameKeys = sameKeys;
    this.loose = sameKeys ? List.of() : lost(place.from().name());
    this.firm = sameKeys ? List.of() : rest();
  }

  /** Whether the archive holds every value that the rows have, or their keys are the same. */
  boolean possible() {
    return place.whole()
        && (sameKeys
            || columns().stream().allMatch(name -> position(name) >= 0) && !renamesHidden());
  }

  private boolean renamesHidden() {
    return position(place.from().key().orElseThrow().columns().get(0)) < 0;
  }

  private List<String> columns() {
    return place.from().columns().stream().filter(Column::archived).map(Column::name).toList();
  }

  private int position(String name) {
    return chosen.segment().positions(List.of(name))[0];
  }

  /**
   * Takes an archived reference.
   *
   * @param wanted whether it is to be set; else it was set again before
   * @param strange whether another row stands where the one was that it referred to
   */
  void add(int ordinal, Row row, boolean wanted, BiPredicate<ReferencePlace, Row> strange) {
    Row key = place.key(row);
    boolean first = memory.seen.add(id(place.columns(), key));
    if (!wanted) {
      return;
    }
    if (!first) {
      counts.left(key, OLDER);
      return;
    }
    Row known = sameKeys ? key : memory.places.get(id(List.of(), key));
    if (known != null) {
      located.put(ordinal, known);
    }
    hidden.put(ordinal, key);
    if (strange.test(place, row)) {
      strangers.set(ordinal);
    }
    lost.add(new NamelessRows.Lost(ordinal, place.values(row), pick(row, loose), pick(row, firm)));
  }

  /** Names a row for ever: its hidden key, and the catalogue under which that named it. */
  private List<Object> id(List<String> columns, Row key) {
    return List.of(
        place.from().name(),
        columns,
        chosen.manifest().source().id(),
        chosen.manifest().catalogueVersion(),
        key);
  }

  private Row pick(Row row, List<String> names) {
    Row picked = new Row(names.size());
    for (int i = 0; i < picked.width(); i++) {
      picked.set(i, row, position(names.get(i)));
    }
    return picked;
  }

  /** The other columns that lost references in any run. */
  private List<String> lost(TableName from) {
    Set<String> names =
        context.archive().manifests().stream()
            .flatMap(entry -> entry.manifest().trees().stream())
            .flatMap(tree -> tree.links().stream())
            .filter(link -> link.from().equals(from) && link.on().equals(Manifest.Link.DETACH))
            .flatMap(link -> link.columns().stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
    names.removeAll(place.columns());
    names.retainAll(columns());
    return List.copyOf(names);
  }

  private List<String> rest() {
    List<String> names = new ArrayList<>(columns());
    names.removeAll(place.columns());
    names.removeAll(loose);
    return names;
  }

  /** Sets those whose rows are found. */
  void end() {
    if (lost.isEmpty()) {
      return;
    }
    Optional<ReferencePlace.Sought> sought =
        sameKeys
            ? Optional.empty()
            : Optional.of(
                new ReferencePlace.Sought(context.database().catalogue().version(), firm));
    if (!sameKeys) {
      search();
    }
    ReferenceAttempts attempts =
        new ReferenceAttempts(writer, context.listener(), place.with(sought), counts, attached);
    for (NamelessRows.Lost each : lost) {
      Row key = located.get(each.ordinal());
      if (key != null) {
        attempts.add(
            each.ordinal(), key, each.referring(), each.firm(), strangers.get(each.ordinal()));
      } else {
        counts.left(hidden.getOrDefault(each.ordinal(), new Row(0)), NONE);
      }
    }
    attempts.end();
  }

  private void search() {
    NamelessRows rows =
        memory.rows.computeIfAbsent(
            List.of(place.from().name(), place.columns()),
            name -> new NamelessRows(context, place.from(), place.columns()));
    located.values().forEach(rows::claim);
    List<NamelessRows.Lost> unknown =
        lost.stream().filter(each -> !located.containsKey(each.ordinal())).toList();
    located.putAll(rows.find(unknown, loose, firm));
    for (NamelessRows.Lost each : unknown) {
      Row key = located.get(each.ordinal());
      Row old = hidden.get(each.ordinal());
      if (key != null && old != null) {
        memory.places.put(id(List.of(), old), key);
      }
    }
  }
}

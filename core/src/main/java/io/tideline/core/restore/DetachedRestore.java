package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.view.DetachedRows;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Writer;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Sets references of rows that stayed again: where the row is still there, its columns are still
 * NULL, and the row referred to is there.
 */
final class DetachedRestore {
  private static final String STRANGER = "another row stands where the one was that it referred to";
  private static final String OLDER = "an older reference; the row referred to another one later";

  private final RunContext context;
  private final Catalogue catalogue;
  private final Writer writer;
  private final Map<String, String> renamed;
  private final boolean elsewhere;
  private final Map<Manifest, List<BitSet>> attached = new LinkedHashMap<>();
  private final Map<String, ReferenceCounts> counts = new LinkedHashMap<>();
  private final Map<List<Object>, Set<Row>> seen = new HashMap<>();
  private final Strangers strangers = new Strangers();

  /**
   * References into a context's database.
   *
   * @param renamed archived column names and the present ones
   * @param elsewhere whether it is another database than the source
   */
  DetachedRestore(
      RunContext context,
      Catalogue catalogue,
      Writer writer,
      Map<String, String> renamed,
      boolean elsewhere) {
    this.context = context;
    this.catalogue = catalogue;
    this.writer = writer;
    this.renamed = renamed;
    this.elsewhere = elsewhere;
  }

  /** Prepares to set references, before rows come back; hears which do not. */
  Strangers prepare(List<ChosenDetached> chosen) {
    for (ChosenDetached each : chosen) {
      table(each.link().to())
          .ifPresent(to -> strangers.watch(to.name(), present(each.link().toColumns())));
    }
    return strangers;
  }

  /**
   * Sets them, those detached last first. One that was set again before goes before older ones of
   * its row: whatever stands there now, it is not what they held.
   */
  void restore(List<ChosenDetached> chosen) {
    if (chosen.isEmpty()) {
      return;
    }
    List<ManifestEntry> entries = context.archive().manifests();
    for (int i = entries.size() - 1; i >= 0 && !context.control().stopping(); i--) {
      ManifestEntry entry = entries.get(i);
      for (int file = 0; file < entry.manifest().detached().size(); file++) {
        ChosenDetached each = of(chosen, entry, file);
        if (!each.rows().isEmpty() || !elsewhere && !entry.attached(file).isEmpty()) {
          restore(each);
        }
      }
    }
  }

  private static ChosenDetached of(List<ChosenDetached> chosen, ManifestEntry entry, int file) {
    return chosen.stream()
        .filter(each -> each.manifest().equals(entry.manifest()) && each.file() == file)
        .findFirst()
        .orElseGet(() -> new ChosenDetached(entry, file, new BitSet()));
  }

  private void restore(ChosenDetached chosen) {
    ReferenceCounts count =
        counts.computeIfAbsent(
            chosen.link().display(), name -> new ReferenceCounts(name, elsewhere));
    count.quiet(!chosen.archived());
    Optional<ReferencePlace> place = place(chosen);
    if (place.isEmpty()) {
      count.unnamed(chosen.rows().cardinality());
      return;
    }
    BitSet back =
        attached
            .computeIfAbsent(
                chosen.manifest(), m -> m.detached().stream().map(d -> new BitSet()).toList())
            .get(chosen.file());
    Set<Row> known =
        seen.computeIfAbsent(
            List.of(place.get().from().name(), place.get().columns()), n -> new HashSet<>());
    RowRanges before = elsewhere ? RowRanges.empty() : chosen.entry().attached(chosen.file());
    TableName to = place.get().to().name();
    List<String> columns = place.get().to().key().orElseThrow().columns();
    ReferenceAttempts attempts =
        new ReferenceAttempts(writer, context.listener(), place.get(), count, back);
    new DetachedRows(context.archive(), context.formats())
        .read(
            chosen.entry(),
            chosen.file(),
            (ordinal, row, referred) -> {
              Row key = place.get().key(row);
              boolean wanted = chosen.rows().get(ordinal);
              boolean first =
                  (wanted || before.contains(ordinal)) && (key.hasNull() || known.add(key));
              if (wanted && first) {
                boolean strange = strangers.hold(to, columns, place.get().values(row));
                attempts.add(ordinal, row, strange);
              } else if (wanted) {
                count.left(key, OLDER);
              }
            });
    attempts.end();
  }

  /** Where the references stand now; empty if that cannot be told. */
  Optional<ReferencePlace> place(ChosenDetached chosen) {
    Manifest.Link link = chosen.link();
    Optional<Table> from = table(link.from());
    Optional<Table> to = table(link.to());
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    List<String> columns = present(link.columns());
    List<String> toColumns = present(link.toColumns());
    return keyed(chosen, from.get())
        .map(
            keyed ->
                new ReferencePlace(
                    keyed,
                    chosen.segment().positions(archivedKey(chosen, keyed)),
                    columns,
                    chosen.segment().positions(link.columns()),
                    to.get().withKey(new Key(toColumns, Key.Kind.UNIQUE))))
        .filter(ReferencePlace::whole);
  }

  private List<String> present(List<String> archived) {
    return archived.stream().map(name -> renamed.getOrDefault(name, name)).toList();
  }

  /** The names in the archive of the columns that name a row now. */
  private List<String> archivedKey(ChosenDetached chosen, Table keyed) {
    List<String> names = chosen.segment().columns().stream().map(c -> c.name()).toList();
    return keyed.key().orElseThrow().columns().stream()
        .map(
            now ->
                names.stream()
                    .filter(name -> renamed.getOrDefault(name, name).equals(now))
                    .findFirst()
                    .orElse(now))
        .toList();
  }

  /**
   * The table with its rows named as the archive names them: a hidden key names a row only of the
   * same database while its catalogue is the same.
   */
  private Optional<Table> keyed(ChosenDetached chosen, Table from) {
    if (from.key().isEmpty()) {
      return Optional.empty();
    }
    if (!from.key().get().hidden()) {
      return Optional.of(from);
    }
    return HumanKey.alias(from)
        .or(
            () ->
                Optional.of(from)
                    .filter(
                        same ->
                            !elsewhere
                                && chosen.manifest().catalogueVersion().equals(catalogue.version())
                                && chosen.manifest().source().sameAs(context.identity().source())));
  }

  private Optional<Table> table(TableName name) {
    return catalogue.table(name).or(() -> elsewhere ? resolved(name) : Optional.empty());
  }

  private Optional<Table> resolved(TableName name) {
    try {
      return Optional.of(context.database().resolve(catalogue, name.name()));
    } catch (TidelineException e) {
      return Optional.empty(); // then nothing of it is there to refer or be referred to
    }
  }

  /** The rows of each file of detached values whose references are as they were. */
  Map<Manifest, List<BitSet>> attached() {
    return attached;
  }

  /** What became of the references over each foreign key. */
  List<ReferenceCounts> counts() {
    return List.copyOf(counts.values());
  }
}

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
  private final NamelessReferences.Memory memory = new NamelessReferences.Memory();

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
    BitSet back =
        attached
            .computeIfAbsent(
                chosen.manifest(), m -> m.detached().stream().map(d -> new BitSet()).toList())
            .get(chosen.file());
    RowRanges before = elsewhere ? RowRanges.empty() : chosen.entry().attached(chosen.file());
    Optional<ReferencePlace> named = place(chosen);
    Optional<NamelessReferences> nameless = nameless(chosen, count, back);
    Optional<ReferenceAttempts> attempts =
        named.map(place -> new ReferenceAttempts(writer, context.listener(), place, count, back));
    new DetachedRows(context.archive(), context.formats())
        .read(
            chosen.entry(),
            chosen.file(),
            (ordinal, row, referred) -> {
              boolean wanted = chosen.rows().get(ordinal);
              if (!wanted && !before.contains(ordinal)) {
                return;
              }
              Optional<Row> key = named.map(place -> place.key(row)).filter(k -> !k.hasNull());
              if (key.isPresent()) {
                if (!known(named.get(), key.get()) && wanted) {
                  attempts.get().add(ordinal, row, strange(named.get(), row));
                } else if (wanted) {
                  count.left(key.get(), OLDER);
                }
              } else if (nameless.isPresent()) {
                nameless.get().add(ordinal, row, wanted, this::strange);
              } else if (wanted) {
                count.unnamed(1, chosen.path());
              }
            });
    attempts.ifPresent(ReferenceAttempts::end);
    nameless.ifPresent(NamelessReferences::end);
  }

  /** Whether another row stands where the one was that a row referred to. */
  private boolean strange(ReferencePlace place, Row row) {
    return strangers.hold(
        place.to().name(), place.to().key().orElseThrow().columns(), place.values(row));
  }

  /** Whether a row is known already; it is from now on. */
  private boolean known(ReferencePlace place, Row key) {
    return !seen.computeIfAbsent(
            List.of(place.from().name(), place.columns()), n -> new HashSet<>())
        .add(key);
  }

  /** For rows that no key names: empty where that cannot be, or the archive holds too little. */
  private Optional<NamelessReferences> nameless(
      ChosenDetached chosen, ReferenceCounts count, BitSet back) {
    Manifest.Link link = chosen.link();
    Optional<Table> from =
        table(link.from()).filter(each -> each.key().filter(Key::hidden).isPresent());
    Optional<Table> to = table(link.to());
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    ReferencePlace place = place(chosen, from.get(), to.get());
    return Optional.of(
            new NamelessReferences(
                context, writer, chosen, place, count, back, memory, sameKeys(chosen)))
        .filter(NamelessReferences::possible);
  }

  /** Where the references stand now; empty if that cannot be told. */
  Optional<ReferencePlace> place(ChosenDetached chosen) {
    Manifest.Link link = chosen.link();
    Optional<Table> from = table(link.from());
    Optional<Table> to = table(link.to());
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    return keyed(chosen, from.get())
        .map(keyed -> place(chosen, keyed, to.get()))
        .filter(ReferencePlace::whole);
  }

  private ReferencePlace place(ChosenDetached chosen, Table keyed, Table to) {
    return new ReferencePlace(
        keyed,
        chosen.segment().positions(archivedKey(chosen, keyed)),
        present(chosen.link().columns()),
        chosen.segment().positions(chosen.link().columns()),
        to.withKey(new Key(present(chosen.link().toColumns()), Key.Kind.UNIQUE)),
        Optional.empty());
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
    return HumanKey.alias(from).or(() -> Optional.of(from).filter(same -> sameKeys(chosen)));
  }

  private boolean sameKeys(ChosenDetached chosen) {
    return !elsewhere
        && chosen.manifest().catalogueVersion().equals(catalogue.version())
        && chosen.manifest().source().sameAs(context.identity().source());
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

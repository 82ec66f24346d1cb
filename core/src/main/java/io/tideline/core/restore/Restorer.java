package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.SegmentPlace;
import io.tideline.dialect.Writer;
import io.tideline.error.ExitCode;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunEvent;
import io.tideline.run.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Brings chosen rows back into one database, whose lease is held. */
final class Restorer {
  private final RunContext context;
  private final Writer writer;
  private final RestoreRequest request;
  private final Catalogue catalogue;
  private final Function<Table, Protections> protections;
  private final Map<Table, List<Part>> parts = new LinkedHashMap<>();
  private final Map<Table, List<MovedRows>> moved = new LinkedHashMap<>();
  private final Map<Table, LeftOut> leftOut = new LinkedHashMap<>();
  private final Map<Table, Protections> protecting = new LinkedHashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private final Map<Table, RestoreReport.OfTable> reports = new LinkedHashMap<>();
  private final Map<Manifest, List<BitSet>> restored = new LinkedHashMap<>();
  private final LostPartitions lostPartitions;
  private final AtomicInteger numbers = new AtomicInteger();
  private final DetachedRestore references;
  private List<ChosenDetached> detached = List.of();
  private Strangers strangers = new Strangers();

  /**
   * @param context the run; its database is the target
   * @param protections what protects live rows of a table from being replaced
   */
  Restorer(
      RunContext context,
      Catalogue catalogue,
      Writer writer,
      RestoreRequest request,
      Function<Table, Protections> protections) {
    this.context = context;
    this.catalogue = catalogue;
    this.writer = writer;
    this.request = request;
    this.protections = protections;
    this.lostPartitions = new LostPartitions(writer, Pacer.of(context));
    this.references =
        new DetachedRestore(context, catalogue, writer, request.map(), request.into().isPresent());
  }

  /**
   * Finds the place of every row, before anything is written.
   *
   * @param references the references that shall be set again
   * @param none what to say if no row was chosen
   * @throws io.tideline.error.TidelineException {@code RESTORE_IMPOSSIBLE} if any has none
   */
  void prepare(
      List<Chosen> chosen,
      List<ChosenDetached> references,
      List<MovedRows> movedRows,
      String none) {
    detached = references;
    strangers = this.references.prepare(references);
    Targets targets = new Targets(context, catalogue, request.map(), request.into().isPresent());
    for (Chosen each : chosen) {
      Table table = targets.table(each.segment());
      Part part = targets.part(each);
      parts.computeIfAbsent(table, t -> new ArrayList<>()).add(part);
      notes.addAll(part.mapping().notes());
    }
    OtherCopies others = new OtherCopies(context, request);
    parts.replaceAll((table, some) -> newest(table, some, others));
    for (MovedRows each : movedRows) {
      moved.computeIfAbsent(each.table(), t -> new ArrayList<>()).add(each);
      leftOut(each.table()).add(each.leftOut());
      notes.addAll(each.mapping().notes());
    }
    if (request.overwrite()) {
      tables().forEach(table -> protecting.put(table, protections.apply(table)));
    }
    if (tables().isEmpty() && detached.isEmpty()) {
      notes.add(none);
    }
  }

  /** Without the rows of which the source had a newer copy. */
  private List<Part> newest(Table table, List<Part> chosen, OtherCopies others) {
    boolean source = request.into().isEmpty();
    List<Part> some = source ? others.withoutReplaced(chosen, table, leftOut(table)) : chosen;
    return new NewestCopies(context, identity(table, some, List.of()), leftOut(table))
        .of(some, source ? others.among(some, table) : some);
  }

  /** The rows that are to come back from the archive. */
  List<Chosen> chosen() {
    return parts.values().stream().flatMap(List::stream).map(Part::chosen).toList();
  }

  /** The references that are to be set again. */
  List<ChosenDetached> detached() {
    return detached;
  }

  private LeftOut leftOut(Table table) {
    return leftOut.computeIfAbsent(table, t -> new LeftOut());
  }

  private static Identity identity(Table table, List<Part> parts, List<MovedRows> moved) {
    List<Mapping> mappings = new ArrayList<>(parts.stream().map(Part::mapping).toList());
    moved.forEach(each -> mappings.add(each.mapping()));
    return Identity.of(table, mappings);
  }

  private List<Table> tables() {
    Set<Table> tables = new LinkedHashSet<>(parts.keySet());
    tables.addAll(moved.keySet());
    return List.copyOf(tables);
  }

  /**
   * Brings the rows back, tables that others refer to first. Rows that the database refuses are
   * tried again as long as that brings some back: what they refer to may have come meanwhile.
   */
  RestoreReport restore() {
    lostPartitions.make(parts);
    List<List<Table>> groups = TableGroups.parentsFirst(tables());
    groups.forEach(group -> restore(group, parts));
    Map<Table, List<Part>> left = parts;
    long before = 0;
    while (refused() > 0 && before != restoredRows() && !context.control().stopping()) {
      before = restoredRows();
      left = left(left);
      for (List<Table> group : groups) {
        restore(group.stream().filter(left::containsKey).toList(), left);
      }
    }
    MissingParents missing = new MissingParents(context, catalogue);
    if (refused() > 0) {
      left(parts).forEach((table, some) -> notes.addAll(missing.notes(table, some, tables())));
    }
    references.restore(detached);
    if (request.into().isPresent()) {
      tables().forEach(writer::advanceCounters);
    }
    Patience.makeDurable(writer, Pacer.of(context));
    return report();
  }

  private long refused() {
    return reports.values().stream().mapToLong(RestoreReport.OfTable::refused).sum();
  }

  private long restoredRows() {
    return restored.values().stream().flatMap(List::stream).mapToLong(BitSet::cardinality).sum()
        + moved.values().stream().flatMap(List::stream).mapToLong(MovedRows::restored).sum();
  }

  /** The rows of tables with refused rows that are not back yet. */
  private Map<Table, List<Part>> left(Map<Table, List<Part>> tried) {
    Map<Table, List<Part>> left = new LinkedHashMap<>();
    for (Table table : tables()) {
      if (reports.containsKey(table) && reports.get(table).refused() > 0) {
        List<Part> some = new ArrayList<>();
        for (Part part : tried.getOrDefault(table, List.of())) {
          BitSet rows = (BitSet) part.chosen().rows().clone();
          Optional.ofNullable(restored.get(part.chosen().manifest()))
              .ifPresent(back -> rows.andNot(back.get(part.chosen().number())));
          some.add(part.withRows(rows));
        }
        left.put(table, some);
      }
    }
    return left;
  }

  /** Brings rows of segments back, and of archive tables those that are not back yet. */
  private void restore(List<Table> group, Map<Table, List<Part>> some) {
    if (context.control().stopping() || group.isEmpty()) {
      return;
    }
    Attempts attempts = new Attempts(writer, context);
    Map<Table, TableRestore> backs = new LinkedHashMap<>();
    Map<Table, List<Part>> ofGroup = new LinkedHashMap<>();
    long rows = 0;
    for (Table table : group) {
      List<Part> ofTable = some.getOrDefault(table, List.of());
      Identity identity = identity(table, ofTable, moved(table));
      TableCounts counts = new TableCounts(identity, replacement(identity), strangers);
      boolean source = request.into().isEmpty();
      backs.put(table, new TableRestore(context, attempts, identity, counts, source));
      ofGroup.put(table, ofTable);
      rows += ofTable.stream().mapToLong(each -> each.chosen().rows().cardinality()).sum();
      rows += moved(table).stream().mapToLong(MovedRows::size).sum();
    }
    String names =
        group.stream().map(table -> table.name().toString()).collect(Collectors.joining(", "));
    context.listener().on(new RunEvent.Began("restore " + names, rows));
    if (TableGroups.cyclic(group)) {
      new CyclicRestore(context, attempts, backs).restore(ofGroup, moved, this::restored);
    } else {
      backs.forEach(
          (table, back) -> {
            back.restore(some.getOrDefault(table, List.of()), this::restored);
            moved(table).forEach(each -> each.restore(back));
          });
    }
    backs.forEach(
        (table, back) -> reports.merge(table, back.counts().report(), RestoreReport.OfTable::then));
  }

  private List<MovedRows> moved(Table table) {
    return moved.getOrDefault(table, List.of());
  }

  private void restored(Part part, BitSet rows) {
    Chosen chosen = part.chosen();
    restored
        .computeIfAbsent(
            chosen.manifest(),
            manifest -> manifest.segments().stream().map(s -> new BitSet()).toList())
        .get(chosen.number())
        .or(rows);
  }

  private Replacement replacement(Identity identity) {
    Protections protection = protecting.get(identity.table());
    return protection == null
        ? Replacement.NONE
        : new ArchivingReplacement(
            context,
            identity,
            writer,
            catalogue.version(),
            new SegmentPlace(
                identity.table(), context.formats().named("parquet"), numbers::incrementAndGet),
            protection);
  }

  /** Writes which rows came back to the source, so that the archive's view leaves them out. */
  void mark() {
    new Marks(context, context.run()).write(restored, references.attached());
    context.listener().stepped(Step.RESTORED);
  }

  private RestoreReport report() {
    leftOut.forEach((table, rows) -> reports.computeIfPresent(table, (t, all) -> rows.in(all)));
    notes.addAll(lostPartitions.notes(refused() > 0));
    List<RestoreReport.OfTable> tables = new ArrayList<>(reports.values());
    for (ReferenceCounts each : references.counts()) {
      notes.addAll(each.notes());
      if (!each.leftOut().isEmpty()) {
        tables.add(
            each.leftOut().in(new RestoreReport.OfTable(each.name(), 0, 0, 0, 0, 0, List.of())));
      }
    }
    boolean left = tables.stream().anyMatch(each -> each.different() + each.refused() > 0);
    ExitCode exit = left ? ExitCode.ROWS_LEFT : ExitCode.DONE;
    return new RestoreReport(
        context.run(),
        context.control().stopping() ? ExitCode.STOPPED : exit,
        reports.values().stream()
            .mapToLong(each -> each.inserted() + each.identical() + each.overwritten())
            .sum(),
        references.counts().stream().mapToLong(ReferenceCounts::size).sum(),
        tables,
        List.copyOf(notes),
        Optional.empty());
  }
}

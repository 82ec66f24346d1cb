package io.tideline.core.payload;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
import io.tideline.core.rule.HoldLoader;
import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Finding;
import io.tideline.plan.PayloadPlan;
import io.tideline.policy.Payloads;
import io.tideline.policy.Reference;
import io.tideline.policy.Settings;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.Hold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everything in a database that refers to payloads, ready to be read as often as needed. */
final class References implements AutoCloseable {
  private final Database database;
  private final Catalogue catalogue;
  private final Reader reader;
  private final Reader tracing;
  private final List<ReferenceTable> tables = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Optional<RootJudge> judge;
  private final Optional<Tracer> tracer;

  /**
   * The references that settings name.
   *
   * @throws TidelineException if a table, a column or the root's time cannot be found or read
   */
  References(
      Database database, Settings settings, ArchiveFolder archive, Formats formats, Instant now) {
    Payloads payloads = settings.payloads().orElseThrow();
    this.database = database;
    this.catalogue = database.catalogue();
    this.reader = database.openReader();
    try {
      this.tracing = database.openReader();
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
    try {
      HoldLoader loader = new HoldLoader(database, catalogue, tracing, archive, formats, now);
      RootRules rules = new RootRules(database, catalogue, tracing, settings);
      Optional<Ways> ways =
          payloads.root().map(name -> Ways.to(rules.root(payloads), catalogue, declared(settings)));
      judge = payloads.root().map(name -> rules.judge(payloads, loader, now));
      tracer = ways.map(w -> new Tracer(catalogue, w, judge.orElseThrow(), tracing));
      addTables(payloads, ways);
      new Doubts(archive).finding().ifPresent(findings::add);
      findings.addAll(new MovedReferences(database, catalogue, settings.policies()).unread(tables));
      if (ways.isPresent()) {
        List<Hold> holds = new HoldBook(archive.root(), archive.storage()).inForce(now);
        List<Table> held =
            holds.stream().map(h -> database.resolve(catalogue, h.table())).distinct().toList();
        held.stream()
            .filter(table -> !table.name().equals(ways.get().root().name()))
            .forEach(
                table ->
                    new HeldTrees(
                            new ReferenceTable(table, List.of(), ways.get().from(table)),
                            loader.of(table))
                        .hold(reader, tracer.orElseThrow(), judge.orElseThrow()));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private List<Edge> declared(Settings settings) {
    List<Edge> edges = new ArrayList<>();
    for (Reference each : settings.references()) {
      Table from = database.resolve(catalogue, each.table());
      Table to = database.resolve(catalogue, each.to());
      edges.add(
          new Edge(
              from.name(),
              each.columns().stream().map(c -> database.resolveColumn(from, c)).toList(),
              to.name(),
              each.toColumns().stream().map(c -> database.resolveColumn(to, c)).toList()));
    }
    return edges;
  }

  private void addTables(Payloads payloads, Optional<Ways> ways) {
    Map<Table, List<String>> columns = new LinkedHashMap<>();
    for (String each : payloads.columns()) {
      int point = each.lastIndexOf('.');
      if (point <= 0 || point == each.length() - 1) {
        throw new TidelineException(
            ErrorCode.POLICY_INVALID,
            "Cannot use '" + each + "' as a column of payloads.",
            "Nothing was changed.",
            "Write table.column.");
      }
      Table table = database.resolve(catalogue, each.substring(0, point));
      String column = database.resolveColumn(table, each.substring(point + 1));
      List<String> known = columns.computeIfAbsent(table, t -> new ArrayList<>());
      if (!known.contains(column)) {
        known.add(column);
      }
    }
    columns.forEach(
        (table, names) -> {
          List<Edge> edges = ways.map(w -> w.from(table)).orElse(List.of());
          tables.add(new ReferenceTable(table, names, edges));
          if (ways.isPresent() && edges.isEmpty()) {
            findings.add(noWay(table, ways.get().root()));
          }
        });
  }

  private static Finding noWay(Table table, Table root) {
    return new Finding(
        "payloads-no-way",
        "no foreign key leads from "
            + table.name()
            + " to "
            + root.name()
            + ": every reference of it holds its file",
        "Declare the relation under 'references'.");
  }

  /** References of roots that ended before it hold nothing. */
  Optional<Instant> cutoff() {
    return judge.map(RootJudge::cutoff);
  }

  /** What a person should know of the tables. */
  List<Finding> findings() {
    return findings;
  }

  /** The tables with their columns. */
  List<ReferenceTable> tables() {
    return tables;
  }

  /** A tally for each column, in the order of {@link #tables}. */
  List<List<ColumnTally>> tallies() {
    return tables.stream()
        .map(
            table ->
                table.columns().stream()
                    .map(column -> new ColumnTally(table.table().name() + "." + column))
                    .toList())
        .toList();
  }

  /**
   * Marks the files of one part that live references name or hold.
   *
   * @param listing hears of references that hold a file that is not there
   * @throws TidelineException if any reference cannot be read: nothing may be swept then
   */
  void mark(
      Part part,
      PackedHashes files,
      List<List<ColumnTally>> tallies,
      Payloads payloads,
      PayloadPlan.Listing listing) {
    for (int i = 0; i < tables.size(); i++) {
      ReferenceTable table = tables.get(i);
      Marking marking = new Marking(table, files, tallies.get(i), payloads, listing);
      new ReferenceScan(table, part, files, marking).read(reader);
    }
  }

  /** Marks what one table refers to. */
  private final class Marking implements ReferenceScan.Sink {
    private final ReferenceTable table;
    private final PackedHashes files;
    private final List<ColumnTally> tallies;
    private final Payloads payloads;
    private final PayloadPlan.Listing listing;

    Marking(
        ReferenceTable table,
        PackedHashes files,
        List<ColumnTally> tallies,
        Payloads payloads,
        PayloadPlan.Listing listing) {
      this.table = table;
      this.files = files;
      this.tallies = tallies;
      this.payloads = payloads;
      this.listing = listing;
    }

    @Override
    public void counted(int column, Mention mention, Row key) {
      tallies.get(column).counted(mention, key);
    }

    @Override
    public void slice(List<ReferenceScan.Pending> pending, PackedRows rows) {
      int key = table.order().size();
      List<Tracer.Node> nodes =
          tracer.map(t -> t.trace(table.edges(), rows, key, root -> {})).orElse(List.of());
      Row row = new Row(rows.width());
      for (int i = 0; i < pending.size(); i++) {
        ReferenceScan.Pending each = pending.get(i);
        boolean holds = nodes.isEmpty() || nodes.get(i).holds();
        boolean rooted = nodes.isEmpty() || nodes.get(i).rooted();
        byte mark = holds ? PackedHashes.LIVE | PackedHashes.HELD : PackedHashes.LIVE;
        boolean there = files.mark(each.key(), mark);
        if (holds) {
          rows.get(i, row);
          tallies.get(each.column()).holds(there, rooted, row.slice(0, key));
        }
        if (holds && !there) {
          listing.item(PayloadPlan.State.MISSING, payloads.paths().place(each.hash()), 0);
        }
      }
    }
  }

  @Override
  public void close() {
    tracing.close();
    reader.close();
  }
}

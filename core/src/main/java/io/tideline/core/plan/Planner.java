package io.tideline.core.plan;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.closure.ArchiveTargets;
import io.tideline.core.closure.Departed;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.ShapeFinder;
import io.tideline.core.rule.HoldLoader;
import io.tideline.core.rule.KeyPredicates;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.RuleBook;
import io.tideline.core.rule.TableRules;
import io.tideline.core.rule.WalkOrder;
import io.tideline.dialect.AccessPath;
import io.tideline.dialect.Database;
import io.tideline.dialect.Reader;
import io.tideline.plan.DependentRows;
import io.tideline.plan.Finding;
import io.tideline.plan.KeySpan;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.row.RowSink;
import io.tideline.run.RunListener;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes plans: reads the catalogue, finds the rules, surveys every table. Changes nothing. */
public final class Planner {
  /** Rows a second that a gentle run usually removes; offline, about five times as many. */
  private static final long GENTLE_RATE = 20_000;

  private static final long OFFLINE_RATE = 100_000;

  /** Below this many rows an index is not worth a word. */
  private static final long SMALL_TABLE = 10_000;

  /**
   * The share of the rows in a span of keys that must go for a walk in key order to be the better.
   */
  private static final double DENSE = 0.3;

  private final Database database;
  private final Catalogue catalogue;
  private final Reader reader;
  private final Settings settings;
  private final HoldLoader holds;
  private final Departed departed = new Departed();

  /** A planner over the present catalogue. */
  public Planner(
      Database database, Catalogue catalogue, Reader reader, Settings settings, HoldLoader holds) {
    this.database = database;
    this.catalogue = catalogue;
    this.reader = reader;
    this.settings = settings;
    this.holds = holds;
  }

  /** A digest of the policies of a file. */
  public static String digest(Settings settings) {
    byte[] json = Json.line(settings.policies()).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(SegmentFile.sha256().digest(json));
  }

  /** The plan of a selection of policies. */
  public Plan plan(
      Selection selection, Instant madeAt, Instant now, int inDoubt, RunListener listener) {
    List<TableSurvey> surveys = surveys(selection, now);
    // What is in doubt may be the very row, removed before the run was killed.
    boolean mayBeGone = inDoubt > 0;
    List<PolicyPlan> policies = new ArrayList<>();
    Unindexed unindexed = new Unindexed(database, reader);
    UnnamedReferrers unnamed = new UnnamedReferrers(database, catalogue, settings);
    for (int at = 0; at < surveys.size(); at++) {
      TableSurvey survey = surveys.get(at);
      TableRules rules = survey.rules();
      if (!mayBeGone && rules.rules().stream().anyMatch(rule -> rule.acts() && !rule.byAge())) {
        new KeyPredicates(rules.table(), reader).requireOne(selection.key().orElseThrow());
      }
      boolean acts = survey.acts();
      if (acts) {
        departed.mind(relevant(surveys.subList(at + 1, surveys.size())));
        survey.count(listener);
      }
      List<Tally> tallies = survey.tallies();
      long total = acts || rules.table().obstacles().isEmpty() ? total(rules, tallies) : 0;
      for (int i = 0; i < rules.rules().size(); i++) {
        Shape shape = survey.shapes().get(i);
        List<Finding> found = new ArrayList<>(survey.references(i, unnamed, unindexed));
        List<TableSurvey> later = surveys.subList(at + 1, surveys.size());
        found.addAll(LessSafe.look(rules.rules().get(i), tallies.get(i), survey, later));
        PolicyPlan byRows = policyPlan(survey, i, total, found);
        policies.add(
            new PartitionSurvey(rules, rules.rules().get(i), reader)
                .complete(byRows, database, surveys, shape != null));
      }
    }
    return new Plan(
        Plan.VERSION,
        madeAt,
        now,
        database.info(),
        database.identity(),
        selection,
        holds.digest(),
        digest(settings),
        policies,
        unindexed.found(),
        inDoubt);
  }

  /** The surveys of all tables, in the order in which their rows leave. */
  private List<TableSurvey> surveys(Selection selection, Instant now) {
    ShapeFinder finder = shapes(rules(selection, now));
    return finder.inOrder().stream()
        .map(rules -> new TableSurvey(rules, finder, reader, departed))
        .toList();
  }

  /** The tables of which later policies ask whether a row is still there. */
  private static Set<TableName> relevant(List<TableSurvey> later) {
    Set<TableName> names = new HashSet<>();
    for (TableSurvey survey : later) {
      if (survey.acts()) {
        names.add(survey.rules().table().name());
      }
      for (Shape shape : survey.shapes().values()) {
        shape.tables().forEach(table -> names.add(table.name()));
        shape.edges().forEach(edge -> names.add(edge.from().name()));
      }
    }
    return names;
  }

  private List<TableRules> rules(Selection selection, Instant now) {
    return new RuleBook(database, catalogue, reader, settings, holds)
        .rules(selection, now, Map.of());
  }

  private ShapeFinder shapes(List<TableRules> tables) {
    return new ShapeFinder(database, catalogue, tables, settings.references());
  }

  /** The archive tables that the policies need, with the table whose rows each takes. */
  public Map<TableName, Table> archiveTables(Instant now) {
    List<TableRules> tables = rules(Selection.all(), now);
    return ArchiveTargets.of(tables, shapes(tables), rule -> true);
  }

  /** Gives some columns of each root that a policy of a plan would remove to the sink, read now. */
  public void list(Plan plan, String policy, List<String> columns, RowSink sink) {
    List<TableSurvey> surveys = surveys(plan.selection(), plan.now());
    for (int at = 0; at < surveys.size(); at++) {
      TableSurvey survey = surveys.get(at);
      Table table = survey.rules().table();
      int wanted =
          survey.rules().rules().stream().map(r -> r.policy().name()).toList().indexOf(policy);
      if (wanted >= 0) {
        List<String> spelt =
            columns.stream().map(name -> database.resolveColumn(table, name)).toList();
        survey.list(wanted, spelt, sink);
        return;
      }
      departed.mind(relevant(surveys.subList(at + 1, surveys.size())));
      if (survey.acts() && departed.mindsAny(survey.tables())) {
        survey.count(RunListener.NONE);
      }
    }
  }

  /** All rows: what was surveyed where that was the whole table, else a count. */
  private long total(TableRules rules, List<Tally> tallies) {
    for (int i = 0; i < tallies.size(); i++) {
      if (rules.rules().get(i).acts() && rules.rules().get(i).byAge()) {
        return tallies.get(i).rows()
            + tallies.get(i).kept().stream().mapToLong(kept -> kept.rows()).sum();
      }
    }
    return reader.count(rules.table(), List.of());
  }

  private PolicyPlan policyPlan(TableSurvey survey, int at, long total, List<Finding> findings) {
    TableRules rules = survey.rules();
    Rule rule = rules.rules().get(at);
    Tally tally = survey.tallies().get(at);
    List<DependentRows> dependents = survey.dependents(at);
    Table table = rules.table();
    boolean walks = rule.acts();
    List<String> order = walks ? order(rules, rule, tally) : List.of();
    boolean byKey = walks && order.equals(WalkOrder.byKey(table));
    Optional<KeySpan> span = byKey ? span(table, tally) : Optional.empty();
    AccessPath path =
        walks ? reader.explain(Survey.scanOf(table, rule, order, span)) : new AccessPath("", "");
    return new PolicyPlan(
        rule.policy(),
        walks,
        table.name(),
        table.fingerprint(),
        rule.cutoff(),
        rule.time().map(PolicyTime::encoding),
        total,
        tally.rows(),
        tally.bytes(),
        tally.oldest(),
        tally.newest(),
        tally.kept(),
        order,
        span,
        path.index(),
        path.text(),
        table.triggers().stream().filter(Trigger::onDelete).map(Trigger::name).toList(),
        Duration.ofSeconds(
            (tally.rows() + dependents.stream().mapToLong(DependentRows::rows).sum())
                    / (settings.pace().offline() ? OFFLINE_RATE : GENTLE_RATE)
                + 1),
        walks ? findings(table, rule, total, survey.stepwise(at), findings) : List.of(),
        dependents);
  }

  private static Optional<KeySpan> span(Table table, Tally tally) {
    return WalkOrder.integerKey(table) && tally.firstKey().isPresent()
        ? Optional.of(new KeySpan(tally.firstKey().getAsLong(), tally.lastKey().orElseThrow()))
        : Optional.empty();
  }

  /**
   * Time order where an index leads to the old rows, unless they lie densely in the key's own
   * order.
   */
  private static List<String> order(TableRules rules, Rule rule, Tally tally) {
    Table table = rules.table();
    Optional<List<String>> byTime =
        rule.byAge()
            ? WalkOrder.byTime(table, rule.time().flatMap(time -> time.column().column()))
            : Optional.empty();
    if (byTime.isEmpty() || dense(table, tally)) {
      return WalkOrder.byKey(table);
    }
    return byTime.get();
  }

  private static boolean dense(Table table, Tally tally) {
    return span(table, tally)
        .map(span -> (double) span.last() - span.first() + 1)
        .filter(width -> tally.rows() >= DENSE * width)
        .isPresent();
  }

  private List<Finding> findings(
      Table table, Rule rule, long total, long stepwise, List<Finding> others) {
    List<Finding> findings = new ArrayList<>();
    if (stepwise > 0) {
      findings.add(
          new Finding(
              "goes-stepwise",
              stepwise
                  + (stepwise == 1 ? " tree of" : " trees of")
                  + " more than "
                  + rule.policy().maxTree()
                  + " rows: such a tree goes in several transactions, and between them the"
                  + " application sees a part of it",
              "")); // asked for by large_trees: stepwise
    }
    Optional<String> time = rule.time().flatMap(t -> t.column().column());
    if (rule.byAge()
        && time.isPresent()
        && total >= SMALL_TABLE
        && WalkOrder.byTime(table, time).isEmpty()) {
      findings.add(
          new Finding(
              "no-time-index",
              "no index begins with "
                  + time.get()
                  + ": every plan and run reads all "
                  + total
                  + " rows",
              database.indexStatement(table.name(), List.of(time.get()))));
    }
    findings.addAll(others);
    return findings;
  }
}

package io.tideline.testkit.trees;

import static org.assertj.core.api.Assertions.assertThat;

import io.tideline.Tideline;
import io.tideline.dialect.DatabaseUrl;
import io.tideline.plan.Plan;
import io.tideline.policy.Action;
import io.tideline.policy.Dependent.OnRoot;
import io.tideline.policy.Pace;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.run.RestoreReport;
import io.tideline.run.RestoreRequest;
import io.tideline.run.RunListener;
import io.tideline.run.RunReport;
import io.tideline.testkit.Product;
import io.tideline.testkit.SettableClock;
import io.tideline.testkit.TestDatabase;
import io.tideline.testkit.trees.GraphState.Row;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A database with a random graph, its rows, triggers and holds, and random policies for it. */
final class GraphScene implements AutoCloseable {
  final Graph graph;
  final GraphRows rows;
  final List<GraphPolicy> policies;
  final TestDatabase database;

  /** The tags of rows on hold. */
  final Set<String> held = new TreeSet<>();

  /** The tags of rows that a trigger lets nobody delete or update. */
  final Set<String> stuck = new TreeSet<>();

  /** The table whose deleted rows a trigger logs. */
  final Optional<Integer> logged;

  private final Path folder;
  private final List<String> triggers = new ArrayList<>();
  private int opened;
  private final List<TestDatabase> others = new ArrayList<>();

  GraphScene(Path folder, Product product, Random random) {
    this(folder, product, random, Set.of());
  }

  /**
   * @param without the tags of rows that are left out, with those that refer to them
   */
  GraphScene(Path folder, Product product, Random random, Set<String> without) {
    this.folder = folder;
    graph = Graph.any(product, random);
    rows = new GraphRows(graph, random);
    policies = GraphPolicy.any(graph, random);
    logged = log(random);
    stick(random);
    List<String> holds = holds(random);
    rows.leaveOut(without);
    database = product.create(folder);
    database.execute(graph.ddl(true));
    rows.insertInto(database);
    database.execute(triggers);
    hold(holds);
  }

  private Optional<Integer> log(Random random) {
    if (random.nextInt(4) > 0) {
      return Optional.empty();
    }
    int table = random.nextInt(graph.tables().size());
    triggers.add("CREATE TABLE gone (tag text)");
    String insert = "INSERT INTO gone VALUES (OLD.tag);";
    if (graph.product() == Product.SQLITE) {
      triggers.add("CREATE TRIGGER logs AFTER DELETE ON t" + table + " BEGIN " + insert + " END");
    } else {
      triggers.add(
          "CREATE FUNCTION logs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
              + insert
              + " RETURN OLD; END $$");
      triggers.add(
          "CREATE TRIGGER logs AFTER DELETE ON t"
              + table
              + " FOR EACH ROW EXECUTE FUNCTION logs()");
    }
    return Optional.of(table);
  }

  private void stick(Random random) {
    if (random.nextInt(4) > 0) {
      return;
    }
    int table = random.nextInt(graph.tables().size());
    String tag = randomTag(table, random);
    stuck.add(tag);
    boolean silent = random.nextBoolean();
    if (graph.product() == Product.SQLITE) {
      for (String event : List.of("DELETE", "UPDATE")) {
        triggers.add(
            "CREATE TRIGGER stuck_%s BEFORE %s ON t%d WHEN OLD.tag = '%s' BEGIN SELECT RAISE(%s); END"
                .formatted(event, event, table, tag, silent ? "IGNORE" : "ABORT, 'stuck'"));
      }
    } else {
      triggers.add(
          "CREATE FUNCTION stuck() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.tag = '%s' THEN %s; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
              .formatted(tag, silent ? "RETURN NULL" : "RAISE EXCEPTION 'stuck'"));
      triggers.add(
          "CREATE TRIGGER stuck BEFORE DELETE OR UPDATE ON t%d FOR EACH ROW EXECUTE FUNCTION stuck()"
              .formatted(table));
    }
  }

  private String randomTag(int table, Random random) {
    List<Map<String, String>> all = rows.of(table);
    return GraphRows.tag(all.get(random.nextInt(all.size())));
  }

  /** The tables of rows that are held. */
  private List<String> holds(Random random) {
    List<String> tables = new ArrayList<>();
    for (int i = random.nextInt(3) > 0 ? 0 : 1 + random.nextInt(2); i > 0; i--) {
      int table = random.nextInt(graph.tables().size());
      String tag = randomTag(table, random);
      if (held.add(tag)) {
        tables.add("t" + table);
      }
    }
    return tables;
  }

  private void hold(List<String> tables) {
    try (Tideline tideline = open()) {
      for (String table : tables) {
        String where =
            "tag LIKE '%s-%%' AND tag IN ('%s')".formatted(table, String.join("', '", held));
        tideline.hold(table, List.of(), Optional.of(where), "dispute", Optional.empty());
      }
    }
  }

  /**
   * Whether one run takes all that may go. Several may be needed where trees wait for other trees:
   * those of another policy, those with a dependent that keeps another tree, and those that a
   * trigger's refusal holds up.
   */
  boolean runsOnce() {
    return policies.size() == 1
        && stuck.isEmpty()
        && graph.keys().stream().noneMatch(this::keepsTrees);
  }

  /**
   * Whether runs end where the oracle does. Pending: a tree stays that refers to one which a
   * trigger keeps.
   */
  boolean exact() {
    if (policies.stream()
        .anyMatch(policy -> has(policy, OnRoot.DETACH) && has(policy, OnRoot.KEEP))) {
      return false;
    }
    return stuck.isEmpty() && !joined();
  }

  /**
   * Whether policies on a ring of tables may join their trees, and what one says of a table count
   * for another: the oracle carries each out by itself.
   */
  boolean joined() {
    return policies.size() > 1 && graph.cyclic() && detaches();
  }

  /** Whether rows of a table may be deleted without a copy. */
  boolean deletes(int table) {
    return policies.stream()
        .filter(policy -> policy.members().contains(table))
        .anyMatch(policy -> policy.policy().action() == Action.DELETE);
  }

  /** Whether any policy takes references away from rows that stay. */
  boolean detaches() {
    return detaching().findAny().isPresent();
  }

  private Stream<Graph.Key> detaching() {
    return graph.keys().stream()
        .filter(
            key ->
                policies.stream()
                    .filter(policy -> policy.members().contains(key.parent()))
                    .anyMatch(policy -> policy.effect(graph, key) == OnRoot.DETACH));
  }

  /**
   * The row as expected, if they differ only in columns that may be detached and that are null in
   * one of them: whether a row lost its reference before it went is up to the run.
   */
  Row likelyDetached(Row found, @Nullable Row wanted) {
    if (wanted == null) {
      return found;
    }
    List<String> lost =
        detaching()
            .filter(key -> key.child() == found.table())
            .flatMap(key -> key.columns().stream())
            .filter(column -> found.isNull(column) || wanted.isNull(column))
            .toList();
    return found.without(lost).equals(wanted.without(lost)) ? wanted : found;
  }

  /** Whether a row has only a hidden key, and NULL in the column that is unique. */
  boolean unnamed(Row row) {
    return graph.tables().get(row.table()).key().isEmpty() && row.isNull("u");
  }

  private boolean keepsTrees(Graph.Key key) {
    return key.child() != policies.get(0).root() && has(policies.get(0), key, OnRoot.KEEP);
  }

  private boolean has(GraphPolicy policy, OnRoot effect) {
    return graph.keys().stream().anyMatch(key -> has(policy, key, effect));
  }

  private boolean has(GraphPolicy policy, Graph.Key key, OnRoot effect) {
    return policy.members().containsAll(List.of(key.child(), key.parent()))
        && policy.effect(graph, key) == effect;
  }

  Settings settings() {
    return Settings.of(
            database.url(),
            folder.resolve(database.url().replaceAll("\\W", "")),
            policies.stream().map(GraphPolicy::policy).toList())
        .withReferences(graph.references())
        .withPace(Pace.OFFLINE);
  }

  /** Runs are ordered by their instants. */
  Tideline open() {
    Instant now = GraphPolicy.NOW.plusMillis(++opened);
    return Tideline.open(settings(), new SettableClock(now));
  }

  Plan plan() {
    try (Tideline tideline = open()) {
      return tideline.plan(Selection.all(), RunListener.NONE);
    }
  }

  RunReport run() {
    try (Tideline tideline = open()) {
      RunReport report =
          tideline.run(tideline.plan(Selection.all(), RunListener.NONE), RunListener.NONE);
      assertThat(tideline.checkRecord(report.recordHead()).problems()).isEmpty();
      assertThat(tideline.checkRecord(report.recordHead()).pending()).isEmpty();
      return report;
    }
  }

  GraphState live() {
    return GraphState.live(database, graph);
  }

  GraphState moved() {
    return GraphState.moved(database, graph);
  }

  GraphOracle oracle() {
    return new GraphOracle(graph, policies, held, stuck);
  }

  /** What the archive shows: what a restore brings to tables without foreign keys. */
  GraphState view() {
    TestDatabase other = database.sibling();
    others.add(other);
    other.execute(graph.ddl(false));
    restore(RestoreRequest.everything().into(new DatabaseUrl(other.url())));
    return GraphState.live(other, graph);
  }

  RestoreReport restore(RestoreRequest request) {
    try (Tideline tideline = open()) {
      return tideline.restore(request, RunListener.NONE);
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(graph.toString());
    triggers.forEach(sql -> text.append("\n").append(sql));
    text.append("\nheld ").append(held).append(", stuck ").append(stuck);
    policies.forEach(policy -> text.append("\n").append(policy.policy()));
    return text.toString();
  }

  @Override
  public void close() {
    others.forEach(TestDatabase::close);
    database.close();
  }
}

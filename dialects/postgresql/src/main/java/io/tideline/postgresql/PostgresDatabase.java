package io.tideline.postgresql;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackfillSurvey;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.BackupTask;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseInfo;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.Examination;
import io.tideline.dialect.Examiner;
import io.tideline.dialect.Grant;
import io.tideline.dialect.GuardedSession;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Need;
import io.tideline.dialect.OldPartitions;
import io.tideline.dialect.PartitionMaker;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Reclaimer;
import io.tideline.dialect.SourceIdentity;
import io.tideline.dialect.TableMover;
import io.tideline.dialect.WhatIf;
import io.tideline.tuning.BackfillState;
import io.tideline.tuning.PartitionRule;
import io.tideline.tuning.TableSize;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An open database: one connection for questions about it; readers and the lease have their own.
 */
final class PostgresDatabase implements Database {
  private final ConnectionUrl url;
  private final ServerFacts facts;
  private final Names names;
  private final Shapes shapes = new Shapes();
  private Session session;

  private PostgresDatabase(ConnectionUrl url, Session session, ServerFacts facts) {
    this.url = url;
    this.session = session;
    this.facts = facts;
    names = new Names(url.schema());
  }

  static PostgresDatabase open(ConnectionUrl url) {
    Session session = Sessions.reading(url);
    try {
      return new PostgresDatabase(url, session, ServerFacts.read(session, url));
    } catch (SQLException e) {
      session.close();
      throw Failures.reading(e, session.attempt("Cannot open " + url.place(), null, ""));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** A question to the server. */
  private interface Question<T> {
    T ask(Session session) throws SQLException;
  }

  private synchronized <T> T ask(String what, Question<T> question) {
    try {
      return ask(question);
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt("Cannot " + what, null, ""));
    }
  }

  /** Asks; once again if the connection, idle since the last question, turns out to be lost. */
  private <T> T ask(Question<T> question) throws SQLException {
    try {
      return question.ask(session);
    } catch (SQLException e) {
      if (!Failures.lost(e)) {
        throw e;
      }
      session.close();
      session = Sessions.reading(url);
      return question.ask(session);
    }
  }

  @Override
  public DatabaseInfo info() {
    return facts.info();
  }

  @Override
  public Optional<SourceIdentity> identity() {
    return Optional.of(facts.identity());
  }

  @Override
  public Catalogue catalogue() {
    List<TableShape> tables = ask("read the catalogue of " + url.place(), CatalogueReader::read);
    tables.forEach(shapes::add);
    return new Catalogue(tables.stream().map(TableShape::table).toList(), "");
  }

  @Override
  public Table resolve(Catalogue catalogue, String name) {
    return names.table(catalogue, name);
  }

  @Override
  public String resolveColumn(Table table, String name) {
    return Names.column(table, name);
  }

  @Override
  public Instant clock() {
    String micros =
        ask(
            "read the clock of " + url.place(),
            s ->
                s.text(
                    "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)"
                        + "::pg_catalog.int8"));
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }

  @Override
  public DatabaseSize size() {
    String bytes =
        ask(
            "read the size of " + url.place(),
            s -> s.text("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())"));
    return new DatabaseSize(Long.parseLong(bytes), 0, 0);
  }

  @Override
  public String indexStatement(TableName table, List<String> columns) {
    return "CREATE INDEX CONCURRENTLY ON "
        + Sql.quote(table)
        + " ("
        + columns.stream().map(Sql::quote).collect(Collectors.joining(", "))
        + ")";
  }

  @Override
  public String indexStatement(ForeignKey key, Table from) {
    return ask(
        "read the catalogue of " + url.place(),
        s -> Referrers.index(s, shapes, key, from).statement());
  }

  @Override
  public List<Grant> grants(List<Need> needs) {
    return ask("read the rights in " + url.place(), s -> Grants.of(s, needs));
  }

  @Override
  public Reader openReader() {
    return new PostgresReader(Sessions.reading(url), shapes);
  }

  @Override
  public Examiner openExaminer(Examination asked) {
    return PostgresExaminer.open(url, asked, shapes);
  }

  @Override
  public Lease acquireLease() {
    return PostgresLease.acquire(url, facts, shapes);
  }

  @Override
  public boolean leased() {
    return ask("look at the lease of " + url.place(), PostgresLease::held);
  }

  @Override
  public OldPartitions oldPartitions(Table table, Condition.TimeBefore age) {
    return ask(
        "read the partitions of " + table.name(),
        s -> OldPartitionFinder.find(s, shapes.of(table, s), age));
  }

  @Override
  public void backUp(BackupTask task) {
    Dump dump = new Dump(new PgTools(url, System.getenv()), url.place(), task);
    Map<Long, TableName> tables = ask("read the tables of " + url.place(), Dump::tables);
    dump.make(facts.major());
    tables.keySet().retainAll(ask("read the tables of " + url.place(), Dump::tables).keySet());
    dump.requireTables(tables);
  }

  /** Packed: a quarter of it, indexes not being in it at all. */
  @Override
  public long backupBytes() {
    return size().total() / 4;
  }

  @Override
  public GuardedSession openGuarded(Duration longest) {
    return PostgresGuardedSession.open(url, longest, facts.major());
  }

  @Override
  public Reclaimer reclaimer() {
    return new PostgresReclaimer(Sessions.writing(url), url.place());
  }

  @Override
  public WhatIf openWhatIf(List<TableSize> sizes) {
    return PostgresWhatIf.open(url, facts.major(), names, catalogue(), sizes);
  }

  @Override
  public IndexBuilder indexBuilder() {
    return new PostgresIndexBuilder(url, names, shapes);
  }

  @Override
  public BackfillSurvey survey(BackfillTarget target) {
    return ask(
        "look at the backfill '" + target.backfill().name() + "'",
        s -> {
          FillChecks checks =
              new FillChecks(s, target, new FillSql(s, target, shapes.of(target.table(), s)));
          Optional<BackfillState> state =
              FillNotes.everywhere(s).stream()
                  .filter(each -> each.name().equals(target.backfill().name()))
                  .findFirst();
          if (state.isEmpty()) {
            checks.require();
          }
          return new BackfillSurvey(state, target.table().rowEstimate().orElse(0), checks.notes());
        });
  }

  @Override
  public List<BackfillState> backfills() {
    return ask("read the backfills of " + url.place(), FillNotes::everywhere);
  }

  @Override
  public PartitionMaker partitionMaker() {
    return new PostgresPartitionMaker(Sessions.writing(url));
  }

  @Override
  public TableMover tableMover(TableName table, PartitionRule rule) {
    return PostgresTableMover.open(url, table, rule);
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}

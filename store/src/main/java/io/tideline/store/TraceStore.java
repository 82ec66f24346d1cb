package io.tideline.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces, and the sessions that they belong to. What a read costs grows with what it returns, not
 * with what is stored. Newest first is by the time of creation, and among equals by the order of
 * storing. Safe for any number of threads.
 */
public final class TraceStore {
  private static final Logger LOG = LoggerFactory.getLogger(TraceStore.class);
  private static final int STREAMED = 200;
  private static final int DELETED_AT_ONCE = 500;
  private static final int MOST = 100_000;

  private final Database database;
  private final TraceSql sql;

  private TraceStore(Database database) {
    this.database = database;
    this.sql = database.product().traces();
  }

  /**
   * Opens the traces of a database, and makes their tables if there are none.
   *
   * @throws StoreException if the tables have the old layout or another; nothing was changed
   */
  public static TraceStore open(Database database) {
    TraceLayout.confirm(database);
    database.read(
        session -> {
          Query window = TraceReads.bySession("", 0, 1_000, null);
          List<String> plan = window.plan(session, database.product());
          LOG.debug("window of a session: {}", plan);
          TraceLayout.confirmSeeks(session, database, plan);
          return true;
        });
    return new TraceStore(database);
  }

  /** Stores one trace, as {@link #storeBatch} does. */
  public void store(String session, Trace trace) {
    storeBatch(List.of(new SessionTrace(session, trace)));
  }

  /**
   * Stores traces, all or none, in one transaction. A trace that is there already takes the new
   * content and keeps its time of creation and the sessions that it belongs to.
   *
   * @throws StoreException if it fails; see {@link Database#write}
   */
  public void storeBatch(List<SessionTrace> batch) {
    database.write(
        session -> {
          sql.store(session, batch);
          return true;
        });
  }

  /** Stores batches for a {@link BufferedWriter}. To store them again does no harm. */
  public BatchWork<SessionTrace> batches() {
    return sql::store;
  }

  /** A trace by its id. */
  public Optional<Trace> get(String id) {
    return database.read(session -> session.first(TraceReads.GET, TraceReads::trace, id));
  }

  /**
   * The newest traces of a session.
   *
   * @param since the oldest shown, inclusive; null for all
   * @param limit the most, 1 to 100,000
   */
  public List<Trace> bySession(String session, @Nullable Instant since, int limit) {
    return bySession(session, since, limit, null).rows();
  }

  /** The same, page by page: {@code after} is where the page before ended. */
  public Page<Trace> bySession(
      String session, @Nullable Instant since, int limit, @Nullable Cursor after) {
    Checks.within("limit", limit, 1, MOST);
    return page(TraceReads.bySession(session, from(since), limit + 1, after), limit);
  }

  /** The same as a stream, read page by page as it is consumed. */
  public Stream<Trace> streamSession(String session, @Nullable Instant since) {
    return Page.stream(after -> bySession(session, since, STREAMED, after));
  }

  /**
   * The newest traces of a kind.
   *
   * @param contextType the only type shown; null for all
   * @param namespace the only namespace shown; null for all
   * @param since the oldest shown, inclusive; null for all
   * @param limit the most, 1 to 100,000
   */
  public List<Trace> query(
      @Nullable String contextType,
      @Nullable String namespace,
      @Nullable Instant since,
      int limit) {
    return query(contextType, namespace, since, limit, null).rows();
  }

  /** The same, page by page: {@code after} is where the page before ended. */
  public Page<Trace> query(
      @Nullable String contextType,
      @Nullable String namespace,
      @Nullable Instant since,
      int limit,
      @Nullable Cursor after) {
    Checks.within("limit", limit, 1, MOST);
    return page(TraceReads.byKind(contextType, namespace, from(since), limit + 1, after), limit);
  }

  private Page<Trace> page(Query query, int limit) {
    return Page.of(database.read(session -> query.rows(session, TraceReads::placed)), limit);
  }

  private static double from(@Nullable Instant since) {
    return since == null ? Seconds.EVER : Seconds.of(Seconds.within("since", since));
  }

  /**
   * The sessions that were last written to, newest first. Work grows with the number of sessions,
   * not with their traces.
   *
   * @param since the oldest newest trace, inclusive; null for all
   * @param limit the most, 1 to 100,000
   */
  public List<SessionSummary> sessions(@Nullable Instant since, int limit) {
    Checks.within("limit", limit, 1, MOST);
    return database.read(
        session ->
            session.query(
                TraceReads.SESSIONS,
                row ->
                    new SessionSummary(
                        row.getString("session_uid"), Seconds.toInstant(row.getDouble("newest"))),
                from(since),
                limit));
  }

  /**
   * Deletes a session, and those of its traces that no other session holds. It works in short
   * transactions: if it fails midway the rest stays, and the same call again goes on. New traces
   * that are stored after it began stay.
   */
  public DeletedSession deleteSession(String session) {
    return new SessionDeletion(database, sql, session, DELETED_AT_ONCE).carryOut();
  }

  List<String> plan(Query query) {
    return database.read(session -> query.plan(session, database.product()));
  }
}

package io.tideline.maintenance.bench;

import io.tideline.dialect.Database;
import io.tideline.dialect.GuardedQuery;
import io.tideline.dialect.GuardedSession;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.QuerySpec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A query, asked over guarded connections that can change nothing. Every row of its answers is
 * read. The samples of its parameters go round.
 */
public final class QueryTarget implements Target {
  private final Database database;
  private final QuerySpec query;
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param database stays open as long as it is asked
   * @param timeout after how long an answer is given up
   * @param clock by which times before now are counted
   */
  public QueryTarget(Database database, QuerySpec query, Duration timeout, Clock clock) {
    this.database = database;
    this.query = query;
    this.timeout = timeout;
    this.clock = clock;
  }

  @Override
  public String name() {
    return query.name();
  }

  @Override
  public Map<String, String> identity() {
    return Map.of(
        "target",
        query.text().sql().strip().replaceAll("\\s+", " "),
        "database",
        database.info().dialect() + " " + database.info().place(),
        "samples",
        digest(query.parameters().toString()));
  }

  /** Values of parameters are nobody else's business. */
  private static String digest(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Cannot find SHA-256, which every JDK has", e);
    }
  }

  @Override
  public String amounts() {
    return "rows";
  }

  @Override
  public Asker open() {
    GuardedSession session = database.openGuarded(timeout);
    try {
      return new Guarded(session, session.prepare(query.text()));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private final class Guarded implements Asker {
    private final GuardedSession session;
    private @Nullable GuardedQuery prepared;

    Guarded(GuardedSession session, GuardedQuery prepared) {
      this.session = session;
      this.prepared = prepared;
    }

    @Override
    public Answer ask(long number) {
      long began = System.nanoTime();
      try {
        GuardedQuery ready = prepared;
        if (ready == null) {
          ready = session.prepare(query.text());
          prepared = ready;
        }
        GuardedQuery.Answer answer = ready.run(query.values(Instant.now(clock), number));
        return Answer.ok(answer.rows(), answer.took());
      } catch (TidelineException e) {
        forget(); // what was interrupted can be of no more use: not every driver runs it again
        boolean late = System.nanoTime() - began >= timeout.toNanos();
        boolean givenUp = e.code() == ErrorCode.DATABASE_BUSY || e.code() == ErrorCode.INTERRUPTED;
        return late && givenUp ? Answer.timeout(false) : Answer.of(e);
      }
    }

    private void forget() {
      if (prepared != null) {
        prepared.close();
        prepared = null;
      }
    }

    @Override
    public void giveUp() {
      session.cancel();
    }

    @Override
    public void close() {
      forget();
      session.close();
    }
  }
}

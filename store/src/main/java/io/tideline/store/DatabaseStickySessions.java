package io.tideline.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Sticky sessions in a table, whose times are UTC without a zone. */
final class DatabaseStickySessions implements StickySessions<String> {
  private static final int TURNS = 10;
  private static final String CREATE =
      """
      CREATE TABLE IF NOT EXISTS sticky_sessions (
        key VARCHAR PRIMARY KEY NOT NULL,
        account_id VARCHAR NOT NULL,
        created_at TIMESTAMP NOT NULL,
        updated_at TIMESTAMP NOT NULL)""";
  private static final List<String> INDEXES =
      List.of(
          "CREATE INDEX IF NOT EXISTS idx_sticky_account ON sticky_sessions (account_id)",
          "CREATE INDEX IF NOT EXISTS idx_sticky_updated ON sticky_sessions (updated_at)");

  private static final DateTimeFormatter WRITTEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);
  private static final DateTimeFormatter READ =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd[' ']['T']HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .appendPattern("[X]")
          .toFormatter(Locale.ROOT);

  private record Mapping(String target, Instant updated) {}

  private final Database database;
  private final Duration unused;
  private final Clock clock;
  private final String select;
  private final String insert;
  private final String change;
  private final String touch;

  private DatabaseStickySessions(Database database, Duration unused, Clock clock, String timeType) {
    Product product = database.product();
    String time = product.bound(timeType);
    this.database = database;
    this.unused = unused;
    this.clock = clock;
    select =
        "SELECT account_id, "
            + product.exact("updated_at")
            + " AS updated FROM sticky_sessions WHERE key = ?";
    insert =
        "INSERT INTO sticky_sessions (key, account_id, created_at, updated_at) VALUES (?, ?, "
            + time
            + ", "
            + time
            + ") ON CONFLICT (key) DO NOTHING";
    change =
        "UPDATE sticky_sessions SET account_id = ?, created_at = "
            + time
            + ", updated_at = "
            + time
            + " WHERE key = ?";
    touch = "UPDATE sticky_sessions SET updated_at = " + time + " WHERE key = ? AND account_id = ?";
  }

  static DatabaseStickySessions open(Database database, Duration unused, Clock clock) {
    Checks.positive("unused", unused);
    boolean there =
        database.read(session -> !database.product().columns(session, "sticky_sessions").isEmpty());
    if (!there) {
      database.write(
          session -> {
            session.update(CREATE);
            for (String index : INDEXES) {
              session.update(index);
            }
            return true;
          });
    }
    String type =
        database.read(session -> database.product().type(session, "sticky_sessions", "updated_at"));
    return new DatabaseStickySessions(database, unused, clock, type);
  }

  @Override
  public Optional<String> target(
      String key, Collection<String> pool, Function<? super Collection<String>, String> choose) {
    if (pool.isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    Optional<Mapping> known = find(key);
    if (known.isEmpty() || !serves(known.get(), pool, now)) {
      // Before the transaction: the caller's code may take long, and holds no lock.
      String choice = Choice.of(pool, choose);
      return Optional.of(database.write(session -> agreed(session, key, pool, choice, now)));
    }
    Mapping mapping = known.get();
    if (mapping.updated().plus(unused.dividedBy(10)).isBefore(now)) {
      touch(key, mapping, now);
    }
    return Optional.of(mapping.target());
  }

  /** While others hold the lock the target serves all the same; the next request notes its use. */
  private void touch(String key, Mapping mapping, Instant now) {
    try {
      database.write(session -> session.update(touch, text(now), key, mapping.target()));
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.BUSY) {
        throw e;
      }
    }
  }

  /** A time in the future is one that the clock has not reached again: it counts as fresh. */
  private boolean serves(Mapping mapping, Collection<String> pool, Instant now) {
    return pool.contains(mapping.target()) && isUsed(mapping, now);
  }

  private boolean isUsed(Mapping mapping, Instant now) {
    return !mapping.updated().plus(unused).isBefore(now);
  }

  /** The first to insert decides; whoever comes later finds its row, and waits for its commit. */
  private String agreed(
      Session session, String key, Collection<String> pool, String choice, Instant now)
      throws SQLException {
    for (int again = 0; again < TURNS; again++) {
      if (session.update(insert, key, choice, text(now), text(now)) == 1) {
        return choice;
      }
      Optional<Mapping> theirs =
          session.first(
              select + database.product().forUpdate(), DatabaseStickySessions::mapping, key);
      if (theirs.isPresent() && serves(theirs.get(), pool, now)) {
        return theirs.get().target();
      }
      // Not if it was forgotten between the two statements.
      if (session.update(change, choice, text(now), text(now), key) == 1) {
        return choice;
      }
    }
    throw Failures.busy("Cannot keep the target of a key: others forget it again and again.");
  }

  private Optional<Mapping> find(String key) {
    return database.read(session -> session.first(select, DatabaseStickySessions::mapping, key));
  }

  @Override
  public Optional<String> current(String key) {
    Instant now = clock.instant();
    return find(key).filter(mapping -> isUsed(mapping, now)).map(Mapping::target);
  }

  @Override
  public void forget(String key) {
    database.write(session -> session.update("DELETE FROM sticky_sessions WHERE key = ?", key));
  }

  @Override
  public int forgetTarget(String target) {
    return database.write(
        session -> session.update("DELETE FROM sticky_sessions WHERE account_id = ?", target));
  }

  private static String text(Instant instant) {
    return WRITTEN.format(instant.atOffset(ZoneOffset.UTC));
  }

  private static Mapping mapping(ResultSet row) throws SQLException {
    LocalDateTime updated = LocalDateTime.from(READ.parse(row.getString("updated")));
    return new Mapping(row.getString("account_id"), updated.toInstant(ZoneOffset.UTC));
  }
}

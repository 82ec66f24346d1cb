package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.ReclaimOption;
import io.tideline.dialect.ReclaimOption.Consent;
import io.tideline.dialect.ReclaimOption.Room;
import io.tideline.dialect.ReclaimTask;
import io.tideline.dialect.ReclaimWay;
import io.tideline.dialect.Reclaimer;
import io.tideline.postgresql.Reclaimable.Found;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The ways in which a PostgreSQL database is kept small. None takes a lock that keeps readers or
 * writers out, but for {@code TRUNCATE}, which is asked for by name. The operating system gets
 * something back from indexes that are built anew, and from the empty end of tables.
 */
final class PostgresReclaimer implements Reclaimer {
  /** Bytes a second, as measured on a small machine. */
  private static final double READ = 50e6;

  private static final double INDEXED = 10e6;

  /** Others may have to end their transactions first; they are not held up meanwhile. */
  private static final String PATIENT = "SET lock_timeout = '60s'; SET statement_timeout = 0";

  private static final String NOBODY = "Nobody: readers and writers go on.";

  private final Session session;
  private final Reclaimable reclaimable;

  PostgresReclaimer(Session session, String place) {
    this.session = session;
    this.reclaimable = new Reclaimable(session, place);
  }

  /** Those of a server are not a process's own: whatever is left is found as an option. */
  @Override
  public List<String> leftovers() {
    return List.of();
  }

  @Override
  public List<String> tidy() {
    return List.of();
  }

  @Override
  public List<ReclaimOption> options() {
    List<ReclaimOption> options = new ArrayList<>();
    for (Found each : reclaimable.find(ReclaimSql.REMNANTS)) {
      options.add(remnant(each));
    }
    List<Found> dead = reclaimable.find(ReclaimSql.DEAD);
    dead.forEach(each -> options.add(vacuum(each)));
    reclaimable.find(ReclaimSql.STALE).forEach(each -> options.add(analyze(each)));
    reclaimable
        .bloatedIndexes()
        .forEach(each -> options.add(reindex(each, reclaimable.rooms(each))));
    List<Found> large = new ArrayList<>(dead);
    large.addAll(reclaimable.bloatedTables());
    large.stream().map(Found::name).distinct().forEach(name -> options.add(truncate(name)));
    return options;
  }

  private static ReclaimOption remnant(Found index) {
    return option(
        ReclaimWay.REMNANT,
        index,
        index.bytes(),
        "Drops the invalid index that a failed rebuild left; writers keep it up for nothing.",
        NOBODY,
        1,
        Consent.NONE);
  }

  private static ReclaimOption vacuum(Found table) {
    return option(
        ReclaimWay.VACUUM_TABLE,
        table,
        0,
        String.format(
            Locale.ROOT,
            "Makes the room of %,d dead rows (beside %,d live ones) usable again, and counts its"
                + " values anew. The file stays as long as it is.",
            table.first(),
            table.second()),
        NOBODY,
        table.bytes() / READ,
        Consent.NONE);
  }

  private static ReclaimOption analyze(Found table) {
    return option(
        ReclaimWay.ANALYZE,
        table,
        0,
        String.format(
            Locale.ROOT,
            "Counts its values anew: %,d rows changed since, of %,d.",
            table.first(),
            table.second()),
        NOBODY,
        1,
        Consent.NONE);
  }

  /** Where nobody sees what is free on the server, somebody has to name it. */
  private static ReclaimOption reindex(Found index, List<Room> rooms) {
    return new ReclaimOption(
        ReclaimWay.REINDEX,
        Sql.quote(index.name()),
        index.bytes() - index.first(),
        "Builds it anew beside the old one.",
        "Nobody; it waits for transactions that are open.",
        time(index.bytes() / INDEXED),
        rooms,
        rooms.isEmpty() ? index.bytes() + index.first() : 0,
        rooms.isEmpty() ? Consent.NAME : Consent.NONE,
        "");
  }

  private static ReclaimOption truncate(TableName table) {
    return option(
        ReclaimWay.TRUNCATE,
        new Found(table, 0, 0, 0),
        0,
        "Cuts the empty end off, if it has one.",
        "Readers and writers of the table for a moment; gives way to whoever waits.",
        1,
        Consent.NAME);
  }

  private static ReclaimOption option(
      ReclaimWay way,
      Found found,
      long gain,
      String does,
      String blocks,
      double seconds,
      Consent consent) {
    return new ReclaimOption(
        way, Sql.quote(found.name()), gain, does, blocks, time(seconds), List.of(), 0, consent, "");
  }

  private static Duration time(double seconds) {
    return Duration.ofMillis((long) (1000 * Math.max(0.1, seconds)));
  }

  /** Tells what only a rewrite under an exclusive lock, or pg_repack, would give back. */
  @Override
  public List<String> advice() {
    return reclaimable.bloatedTables().stream()
        .map(
            table ->
                String.format(
                    Locale.ROOT,
                    "%s takes %,d MB for about %,d MB of rows. pg_repack gives the rest back beside"
                        + " live traffic; VACUUM FULL keeps everybody out meanwhile, and is never"
                        + " done here.",
                    Sql.quote(table.name()),
                    table.bytes() >> 20,
                    table.first() >> 20))
        .toList();
  }

  @Override
  public List<String> carryOut(ReclaimOption option, ReclaimTask task) {
    String what = "Cannot " + option.way().word() + " " + option.target();
    task.listener().at(option.way().word() + " " + option.target(), 0, 0);
    try {
      session.execute(PATIENT);
      new Cancellable(session, task).execute(statement(option));
      task.listener().stepped(option.way().word());
      return List.of();
    } catch (SQLException e) {
      List<String> notes = new ArrayList<>();
      if (option.way() == ReclaimWay.REINDEX) {
        dropRemnants(notes);
      }
      if (Failures.state(e).equals("57014") && task.stopping().getAsBoolean()) {
        notes.add("Stopped; nothing was changed by it.");
      } else if (Failures.state(e).equals("55P03")) {
        notes.add(what + ": others hold locks on it. Run it again later.");
      } else {
        throw Failures.reading(e, session.attempt(what, null, ""));
      }
      return notes;
    }
  }

  /** The option's target is quoted. */
  private static String statement(ReclaimOption option) {
    return switch (option.way()) {
      case VACUUM_TABLE -> "VACUUM (ANALYZE, TRUNCATE false) " + option.target();
      case TRUNCATE -> "VACUUM (TRUNCATE true) " + option.target();
      case ANALYZE -> "ANALYZE " + option.target();
      case REINDEX -> "REINDEX INDEX CONCURRENTLY " + option.target();
      case REMNANT -> "DROP INDEX CONCURRENTLY IF EXISTS " + option.target();
      default -> throw new IllegalArgumentException("Cannot do " + option.way() + " here");
    };
  }

  private void dropRemnants(List<String> notes) {
    if (session.closed()) {
      return;
    }
    for (Found index : reclaimable.find(ReclaimSql.REMNANTS)) {
      try {
        session.execute("DROP INDEX CONCURRENTLY IF EXISTS " + Sql.quote(index.name()));
      } catch (SQLException e) {
        notes.add("The invalid index " + index.name() + " is left; the next reclaim drops it.");
      }
    }
  }

  @Override
  public long bytesOnDisk() {
    return reclaimable.bytes();
  }

  @Override
  public void close() {
    session.close();
  }
}

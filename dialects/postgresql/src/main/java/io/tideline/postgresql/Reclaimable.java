package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.ReclaimOption.Room;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds what of a database can be given back, or used again. */
final class Reclaimable {
  /** A plan is made soon, and waits for nobody. */
  private static final String BRIEF = "SET lock_timeout = '50ms'; SET statement_timeout = '5s'";

  private final Session session;
  private final String place;

  Reclaimable(Session session, String place) {
    this.session = session;
    this.place = place;
  }

  /**
   * A table or an index, and what was found of it: of something bloated the bytes that it should
   * take, and its oid.
   */
  record Found(TableName name, long bytes, long first, long second) {
    static Found of(Estimate guess) {
      return new Found(guess.name(), guess.bytes(), guess.expected(), guess.oid());
    }

    static Found read(Estimate guess, PageStatistics.Space pages) {
      return new Found(
          guess.name(), pages.bytes(), pages.bytes() - guess.waste(pages), guess.oid());
    }
  }

  private interface Question<T> {
    T ask() throws SQLException;
  }

  private <T> T ask(String what, Question<T> question) {
    try {
      return question.ask();
    } catch (SQLException e) {
      throw Failures.reading(e, session.attempt("Cannot " + what, null, ""));
    }
  }

  List<Found> find(String sql) {
    return ask(
        "read the statistics of " + place,
        () -> {
          List<Found> found = new ArrayList<>();
          try (Statement statement = session.statement();
              ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
              found.add(
                  new Found(
                      new TableName(
                          String.valueOf(rows.getString(1)), String.valueOf(rows.getString(2))),
                      rows.getLong(3),
                      rows.getLong(4),
                      rows.getLong(5)));
            }
          }
          return found;
        });
  }

  /** Indexes that are twice too large. */
  List<Found> bloatedIndexes() {
    return bloated(ReclaimSql.BLOATED_INDEXES, PageStatistics::index);
  }

  /**
   * What must be free to build an index anew, where that can be looked at: a second index, as large
   * as the first if the estimate is wrong, or else the sorted rows beside it; and the log of it.
   */
  List<Room> rooms(Found index) {
    return ask(
        "find the files of " + place,
        () -> {
          Optional<ServerDisk> disk = ServerDisk.of(session);
          return disk.isEmpty()
              ? List.<Room>of()
              : List.of(
                  new Room(disk.get().of(index.second()), index.bytes()),
                  new Room(disk.get().log(), index.first()));
        });
  }

  /** Tables that are twice too large. */
  List<Found> bloatedTables() {
    return bloated(ReclaimSql.BLOATED_TABLES, PageStatistics::table);
  }

  /** How the pages of something are read. */
  private interface Reading {
    Optional<PageStatistics.Space> of(PageStatistics pages, long oid);
  }

  /** What the statistics call twice too large, and the pages too, where they can be read. */
  private List<Found> bloated(String sql, Reading reading) {
    return ask(
        "read the pages of " + place,
        () -> {
          List<Estimate> guesses = estimates(sql);
          if (guesses.isEmpty()) {
            return List.<Found>of();
          }
          session.execute(BRIEF);
          try {
            Optional<PageStatistics> pages = PageStatistics.of(new Asking(session, 0));
            return guesses.stream()
                .flatMap(guess -> read(guess, pages, reading).stream())
                .filter(space -> 2 * space.first() < space.bytes())
                .toList();
          } finally {
            session.execute(Sessions.LIMITS);
          }
        });
  }

  private List<Estimate> estimates(String sql) throws SQLException {
    List<Estimate> estimates = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        estimates.add(Estimate.of(rows));
      }
    }
    return estimates;
  }

  private static Optional<Found> read(
      Estimate guess, Optional<PageStatistics> pages, Reading reading) {
    return pages
        .flatMap(each -> reading.of(each, guess.oid()))
        .map(read -> Found.read(guess, read))
        .or(() -> guess.partial() ? Optional.empty() : Optional.of(Found.of(guess)));
  }

  /** The size of the whole database. */
  long bytes() {
    return Long.parseLong(
        ask(
            "read the size of " + place,
            () ->
                session.text("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())")));
  }
}

package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.PartitionMaker;
import io.tideline.dialect.RefusedException;
import io.tideline.error.TidelineException;
import io.tideline.tuning.EpochUnit;
import io.tideline.tuning.NewPartition;
import io.tideline.tuning.PartitionedTable;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Makes a table like its siblings and attaches it, in one transaction. Attaching holds up changes
 * of the definition only; CREATE TABLE PARTITION OF would hold up everybody. Where there is a
 * default partition, attaching reads all of it and keeps everybody out of it meanwhile: it is
 * looked at before, and the wait is bounded.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-altertable.html">ATTACH PARTITION</a>
 */
final class PostgresPartitionMaker implements PartitionMaker {
  private static final int TRIES = 12;
  private static final long FIRST_PAUSE = 50;
  private static final long LONGEST_PAUSE = 2_000;

  /** A name of more bytes is cut by the server, which says nothing then. */
  private static final int LONGEST_NAME = 63;

  private static final String LIMITS =
      "SET LOCAL lock_timeout = '200ms'; SET LOCAL statement_timeout = '1s'";

  private static final Set<String> PASSING = Set.of("55P03", "40P01", "57014");

  private final Session session;

  PostgresPartitionMaker(Session session) {
    this.session = session;
  }

  @Override
  public PartitionedTable look(TableName table, String column, Optional<EpochUnit> epoch) {
    try {
      return PartitionReading.read(session, table, column, epoch);
    } catch (SQLException e) {
      throw Failures.reading(
          e, session.attempt("Cannot look at the partitions of " + table, table, "SELECT"));
    }
  }

  @Override
  public Optional<String> obstacle(PartitionedTable table, NewPartition wanted) {
    try {
      return found(table, wanted);
    } catch (SQLException e) {
      throw Failures.reading(
          e, session.attempt("Cannot look at the partitions of " + table.name(), null, ""));
    }
  }

  private Optional<String> found(PartitionedTable table, NewPartition wanted) throws SQLException {
    String name = wanted.name().name();
    if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      return Optional.of("Its name is longer than 63 bytes: give shorter ones by 'names'.");
    }
    if (!session
        .text(
            "SELECT pg_catalog.to_regclass("
                + Sql.string(Sql.quote(wanted.name()))
                + ")::pg_catalog.oid")
        .isEmpty()) {
      return Optional.of(
          "There is something of that name already, which is no partition of that time: rename it,"
              + " or attach it yourself.");
    }
    if (!session
        .text(
            "SELECT 1 FROM pg_catalog.pg_class c WHERE c.oid = "
                + table.id()
                + " AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')")
        .isEmpty()) {
      return Optional.of("The role " + session.role() + " is no member of the table's owner.");
    }
    return table.fallback().isPresent()
        ? FallbackCheck.obstacle(session, table, wanted, table.fallback().get().facts())
        : Optional.empty();
  }

  private static String bounds(PartitionedTable table, NewPartition wanted) {
    return new TimeKey(table.type(), table.epoch()).bounds(wanted.from(), wanted.to());
  }

  @Override
  public String statement(PartitionedTable table, NewPartition wanted) {
    return "CREATE TABLE %s PARTITION OF %s %s;"
        .formatted(Sql.quote(wanted.name()), Sql.quote(table.name()), bounds(table, wanted));
  }

  @Override
  public void make(PartitionedTable table, NewPartition wanted, BooleanSupplier stopping) {
    make(table, wanted, () -> model(table), stopping);
  }

  /** Makes it like a table of an oid. */
  void make(PartitionedTable table, NewPartition wanted, long model, BooleanSupplier stopping) {
    make(table, wanted, () -> Long.toString(model), stopping);
  }

  private interface Model {
    String oid() throws SQLException;
  }

  private void make(
      PartitionedTable table, NewPartition wanted, Model model, BooleanSupplier stopping) {
    long pause = FIRST_PAUSE;
    for (int left = TRIES; ; left--) {
      try {
        attempt(table, wanted, model);
        return;
      } catch (SQLException e) {
        TransactionEnd.rollBack(session);
        if (!PASSING.contains(Failures.state(e))) {
          throw told(e, wanted);
        }
        if (left == 1 || stopping.getAsBoolean()) {
          throw new RefusedException(blocked(table, e), true, e);
        }
      } catch (RuntimeException e) {
        TransactionEnd.rollBack(session);
        throw e;
      }
      rest(pause);
      pause = Math.min(LONGEST_PAUSE, pause * 2);
    }
  }

  private RuntimeException told(SQLException e, NewPartition wanted) {
    RuntimeException failure =
        Failures.writing(
            e, session.attempt("Cannot make the partition " + wanted.name(), null, ""));
    return failure instanceof TidelineException known && !Failures.lost(e)
        ? new RefusedException(known.what() + " " + known.mend(), false, e)
        : failure;
  }

  private void attempt(PartitionedTable table, NewPartition wanted, Model model)
      throws SQLException {
    session.connection().setAutoCommit(false);
    session.execute(LIMITS);
    Optional<String> why = found(table, wanted);
    if (why.isPresent()) {
      throw new RefusedException(why.get(), false);
    }
    TableName name = wanted.name();
    PartitionTemplate template =
        PartitionTemplate.read(session, Long.toString(table.id()), model.oid());
    template.create(session, table.name(), name);
    session.execute(
        "ALTER TABLE %s ATTACH PARTITION %s %s"
            .formatted(Sql.quote(table.name()), Sql.quote(name), bounds(table, wanted)));
    requireTable(table);
    template.finish(session, name);
    session.connection().commit();
    session.connection().setAutoCommit(true);
  }

  /** Who renamed the table meanwhile finds the new partition at the right one, or not at all. */
  private void requireTable(PartitionedTable table) throws SQLException {
    String oid =
        session.text(
            "SELECT "
                + Sql.string(Sql.quote(table.name()))
                + "::pg_catalog.regclass::pg_catalog.oid::pg_catalog.int8");
    if (!oid.equals(Long.toString(table.id()))) {
      throw new RefusedException(table.name() + " is another table now", false);
    }
  }

  /** The newest partition that is a plain table, or else the table itself. */
  private String model(PartitionedTable table) throws SQLException {
    for (int i = table.partitions().size() - 1; i >= 0; i--) {
      TableName sibling = table.partitions().get(i).name();
      String found =
          session.text(
              "SELECT c.relkind::pg_catalog.text || c.oid::pg_catalog.text FROM pg_catalog.pg_class"
                  + " c WHERE c.oid = pg_catalog.to_regclass("
                  + Sql.string(Sql.quote(sibling))
                  + ")");
      if (found.startsWith("p")) {
        throw new RefusedException("its partition " + sibling + " is divided itself", false);
      }
      if (found.startsWith("r")) {
        return found.substring(1);
      }
    }
    return Long.toString(table.id());
  }

  private String blocked(PartitionedTable table, SQLException e) {
    String fallback =
        table
            .fallback()
            .map(
                each -> ", " + Sql.string(Sql.quote(each.facts().name())) + "::pg_catalog.regclass")
            .orElse("");
    String holders = LockHolders.of(session, table.id() + fallback, e);
    return "Others hold locks that are in its way"
        + (holders.isEmpty() ? "" : ": " + holders)
        + ". Run it again later.";
  }

  private static void rest(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    session.close();
  }
}

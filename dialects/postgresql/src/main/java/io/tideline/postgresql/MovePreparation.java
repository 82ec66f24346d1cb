package io.tideline.postgresql;

import io.tideline.tuning.MovePhase;
import java.sql.SQLException;
import java.util.List;

/** Makes what a move needs, and removes it; in the transaction that is open. */
final class MovePreparation {
  private final Session session;
  private final MoveNames names;
  private final String by;

  MovePreparation(Session session, MoveNames names, String by) {
    this.session = session;
    this.names = names;
    this.by = by;
  }

  /** Makes the copy with its indexes, the log, the function, the memory. */
  void prepare() throws SQLException {
    long source = MoveWork.oid(session, names.table());
    MoveShape shape = MoveShape.read(session, source);
    String table = Sql.quote(names.table());
    String log = Sql.quote(names.log());
    session.execute("SET LOCAL default_tablespace = ''");
    session.execute(
        "CREATE TABLE %s AS SELECT %s FROM %s AS s WITH NO DATA"
            .formatted(log, shape.keyAs("s"), table));
    session.execute(
        "ALTER TABLE %s ADD seq pg_catalog.int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
            .formatted(log));
    session.execute("CREATE SEQUENCE " + Sql.quote(names.broken()));
    long function = MoveTriggers.createFunction(session, names, shape);
    session.execute(
        ("CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING IDENTITY"
                + " INCLUDING STORAGE INCLUDING COMPRESSION INCLUDING COMMENTS INCLUDING"
                + " CONSTRAINTS) PARTITION BY RANGE (%s)")
            .formatted(Sql.quote(names.copy()), table, Sql.quote(by)));
    for (String each : shape.indexStatements(names, by)) {
      session.execute(each);
    }
    giveRights(source);
    MoveMemory.create(session, names);
    long copy = MoveWork.oid(session, names.copy());
    new MoveMemory(
            MovePhase.PREPARED,
            source,
            copy,
            MoveWork.oid(session, names.log()),
            function,
            by,
            MoveObstacles.digest(session, source),
            MoveObstacles.digest(session, copy),
            "",
            shape.indexes().stream().map(MoveShape.IndexText::name).toList(),
            List.of(),
            0)
        .write(session, names);
  }

  /** Owner, rights and comment of the table. The function writes the log as its owner. */
  private void giveRights(long source) throws SQLException {
    String oid = Long.toString(source);
    String owner =
        session.text(
            "SELECT pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c WHERE c.oid = "
                + oid);
    for (String each :
        List.of(
            "TABLE " + Sql.quote(names.copy()),
            "TABLE " + Sql.quote(names.log()),
            "SEQUENCE " + Sql.quote(names.broken()),
            "FUNCTION " + Sql.quote(names.function()) + "()")) {
      session.execute("ALTER " + each + " OWNER TO " + Sql.quote(owner));
    }
    Privileges.copy(session, oid, names.copy(), owner);
    String comment = session.text("SELECT pg_catalog.obj_description(" + oid + ", 'pg_class')");
    if (!comment.isEmpty()) {
      session.execute("COMMENT ON TABLE " + Sql.quote(names.copy()) + " IS " + Sql.string(comment));
    }
  }

  /** Removes all that the move made, the copy too. */
  void discard(MoveMemory memory) throws SQLException {
    MoveTriggers.drop(session, memory.function(), memory.source());
    if (MoveWork.oid(session, names.copy()) == memory.copy()) {
      session.execute("DROP TABLE " + Sql.quote(names.copy()));
    }
    removeFollowing(memory);
    session.execute("DROP TABLE " + Sql.quote(names.memory()));
  }

  /** Ends the following: both tables stay, and the memory. */
  void finish(MoveMemory memory) throws SQLException {
    for (long each : MoveTriggers.followed(session, memory.function())) {
      MoveTriggers.drop(session, memory.function(), each);
    }
    removeFollowing(memory);
    MoveMemory.set(session, names.memory(), MovePhase.FINISHED);
  }

  private void removeFollowing(MoveMemory memory) throws SQLException {
    String function = Sql.quote(names.function()) + "()";
    if (session
        .text("SELECT pg_catalog.to_regprocedure(" + Sql.string(function) + ")::pg_catalog.oid")
        .equals(Long.toString(memory.function()))) {
      session.execute("DROP FUNCTION " + function);
    }
    if (MoveWork.oid(session, names.log()) == memory.log()) {
      session.execute("DROP TABLE " + Sql.quote(names.log()));
    }
    session.execute("DROP SEQUENCE IF EXISTS " + Sql.quote(names.broken()));
  }
}

package io.tideline.postgresql;

import io.tideline.tuning.MovePhase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What came, went or changed since a move began. */
final class MoveChanges {
  private static final Set<MovePhase> FOLLOWING =
      Set.of(MovePhase.FILLING, MovePhase.FILLED, MovePhase.SWITCHED);

  private MoveChanges() {}

  /** Why changes of rows may be unknown; empty if all are known. */
  static String broken(Session session, MoveNames names, MoveMemory memory) throws SQLException {
    if (!FOLLOWING.contains(memory.phase())) {
      return "";
    }
    if (MoveWork.oid(session, names.log()) != memory.log()
        || MoveWork.oid(session, names.broken()) == 0) {
      return "its log was dropped or replaced by somebody";
    }
    return session.text("SELECT is_called FROM " + Sql.quote(names.broken())).equals("t")
        ? "a change of the table could not be noted: it was truncated, or the log could not be"
            + " written"
        : "";
  }

  /**
   * Nothing is written to a table that is not the one that was made or named.
   *
   * @throws io.tideline.error.TidelineException {@code MOVE_REFUSED} if one of them is another
   */
  static void requireOurs(Session session, MoveNames names, MoveMemory memory) throws SQLException {
    boolean switched = memory.phase() == MovePhase.SWITCHED;
    long source = MoveWork.oid(session, switched ? names.before() : names.table());
    long copy = MoveWork.oid(session, switched ? names.table() : names.copy());
    if (source != memory.source() || copy != memory.copy()) {
      throw MoveWork.refused(
          names.table(),
          List.of("one of its tables was renamed, dropped or replaced"),
          "Give the tables their names back; undo the move if they are gone.");
    }
  }

  /**
   * Refuses to go on if anything did.
   *
   * @throws io.tideline.error.TidelineException {@code MOVE_REFUSED}, with everything
   */
  static void require(Session session, MoveNames names, MoveMemory memory) throws SQLException {
    List<String> changed = new ArrayList<>();
    String broken = broken(session, names, memory);
    if (!broken.isEmpty()) {
      changed.add(broken);
    }
    if (!MoveObstacles.digest(session, memory.source()).equals(memory.digest())) {
      changed.add("the definition of the plain table has changed");
    }
    if (!MoveObstacles.digest(session, memory.copy()).equals(memory.copyDigest())) {
      changed.add("the definition of the partitioned table has changed");
    }
    changed.addAll(MoveObstacles.of(session, memory.source(), memory.function()));
    changed.addAll(MoveObstacles.ofCopy(session, memory.copy(), memory.function()));
    if (!changed.isEmpty()) {
      throw MoveWork.refused(
          names.table(),
          changed,
          "Take the change back, or undo the move before the switch and begin anew.");
    }
  }
}

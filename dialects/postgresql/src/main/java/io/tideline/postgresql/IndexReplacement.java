package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.IndexTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts an index in the place of another one of its name: it is built beside it under a name of our
 * own, then both change names in one short transaction, which holds off nobody who reads or writes
 * rows; then the old one goes. A kill leaves at most one index more, known by its name, its table,
 * and what it holds or the comment that the same transaction wrote.
 */
final class IndexReplacement {
  private static final String REPLACED = "replaced by Tideline";

  private final Session session;
  private final TableShape shape;
  private final IndexTask task;
  private final IndexLook look;
  private final ConcurrentIndex indexes;

  IndexReplacement(Session session, Session watching, TableShape shape, IndexTask task) {
    this.session = session;
    this.shape = shape;
    this.task = task;
    this.look = new IndexLook(session, shape);
    this.indexes = new ConcurrentIndex(session, watching, shape, task);
  }

  private static IndexSpec fresh(IndexSpec spec) {
    return spec.named(IndexStatement.cut(spec.name() + "_tideline_new"));
  }

  private static String old(IndexSpec spec) {
    return IndexStatement.cut(spec.name() + "_tideline_old");
  }

  /** Replaces it. @return what was done, without its full stop */
  String replace(IndexSpec spec) throws SQLException {
    String what = "Cannot replace the index " + spec.name() + " on " + shape.name();
    IndexStanding found = look.look(spec);
    if (found.state() != IndexState.DIFFERENT) {
      throw ConcurrentIndex.refusal("replace", found);
    }
    long known = look.find(spec.name()).map(IndexLook.Found::oid).orElse(0L);
    String needed = look.find(spec.name()).map(IndexLook.Found::needed).orElse("");
    if (shape.partitioned()) {
      needed = "its table is partitioned";
    }
    if (!needed.isEmpty()) {
      throw new TidelineException(
          ErrorCode.INDEX_REFUSED,
          what + ": " + needed + ".",
          "Nothing was changed.",
          "Declare the new index under another name, and then this one as absent.");
    }
    dropOld(what, spec);
    IndexSpec fresh = fresh(spec);
    if (look.look(fresh).state() != IndexState.PRESENT) {
      indexes.make(fresh);
    }
    swap(what, spec, fresh, known);
    task.listener().stepped("index-swapped");
    indexes.dropConcurrently(what, old(spec));
    task.listener().stepped("index-dropped");
    return "Replaced the index " + spec.name() + " on " + shape.name();
  }

  /** A build may take hours, in which somebody else may have given the name to another index. */
  private void swap(String what, IndexSpec spec, IndexSpec fresh, long known) throws SQLException {
    session.execute(Sessions.LIMITS);
    session.connection().setAutoCommit(false);
    try {
      session.execute(rename(spec.name(), old(spec)));
      if (look.find(old(spec)).filter(each -> each.oid() == known).isEmpty()) {
        throw new TidelineException(
            ErrorCode.CATALOGUE_CHANGED,
            what + ": another index has its name by now.",
            "That one is as it was; the new one stands beside it.",
            "Run the same command again.");
      }
      session.execute("COMMENT ON INDEX " + quoted(old(spec)) + " IS " + Sql.string(REPLACED));
      session.execute(rename(fresh.name(), spec.name()));
      session.connection().commit();
    } finally {
      TransactionEnd.rollBack(session);
    }
  }

  private String rename(String from, String to) {
    return "ALTER INDEX " + quoted(from) + " RENAME TO " + Sql.quote(to);
  }

  private String quoted(String index) {
    return Sql.quote(new TableName(shape.name().schema(), index));
  }

  /** Removes what a killed replacement left. */
  List<String> tidy(IndexSpec spec) throws SQLException {
    String what = "Cannot remove what a replacement of the index " + spec.name() + " left";
    List<String> removed = new ArrayList<>();
    if (dropOld(what, spec)) {
      removed.add("the index " + old(spec) + ", which was replaced");
    }
    IndexSpec fresh = fresh(spec);
    IndexState state = look.look(fresh).state();
    if (state == IndexState.INVALID || state == IndexState.PRESENT) {
      indexes.dropConcurrently(what, fresh.name());
      removed.add("the index " + fresh.name() + ", which was to replace " + spec.name());
    }
    return removed;
  }

  private boolean dropOld(String what, IndexSpec spec) throws SQLException {
    Optional<IndexLook.Found> left =
        look.find(old(spec))
            .filter(each -> each.index() && each.table() == shape.oid())
            .filter(each -> each.comment().equals(REPLACED) && each.needed().isEmpty())
            .filter(IndexLook.Found::settled);
    if (left.isPresent()) {
      indexes.dropConcurrently(what, old(spec));
    }
    return left.isPresent();
  }
}

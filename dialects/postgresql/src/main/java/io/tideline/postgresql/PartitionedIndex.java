package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.dialect.IndexTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes the index of a partitioned table without holding anybody off for long: first the empty
 * index of the table alone, which new partitions follow at once; then the index of each partition
 * CONCURRENTLY; each is attached when it is there. The whole is valid when the last is attached.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY">Building
 *     indexes concurrently</a>
 */
final class PartitionedIndex {
  /** Others queue behind a lock that is waited for: only for a moment, and again. */
  private static final String MOMENT = "SET lock_timeout = '500ms'; SET statement_timeout = '60s'";

  private static final long BETWEEN_NANOS = 500_000_000;

  private final Session session;
  private final Session watching;
  private final TableShape shape;
  private final IndexTask task;

  PartitionedIndex(Session session, Session watching, TableShape shape, IndexTask task) {
    this.session = session;
    this.watching = watching;
    this.shape = shape;
    this.task = task;
  }

  /** A table of the tree. */
  private record Node(long oid, TableName name, String kind, long parent) {
    boolean leaf() {
      return !kind.equals("p");
    }
  }

  /** The tables that cannot have such an index, because another server holds them. */
  static List<String> foreign(Session session, TableShape shape) throws SQLException {
    return tree(session, shape).stream()
        .filter(node -> node.kind().equals("f"))
        .map(node -> node.name().toString())
        .toList();
  }

  private static List<Node> tree(Session session, TableShape shape) throws SQLException {
    List<Node> nodes = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet row = statement.executeQuery(IndexSql.TREE.formatted(shape.oid()))) {
      while (row.next()) {
        nodes.add(
            new Node(
                row.getLong("oid"),
                new TableName(row.getString("nspname"), row.getString("relname")),
                row.getString("relkind"),
                row.getLong("parent")));
      }
    }
    return nodes;
  }

  /** Makes it, or goes on with one of which parts are missing. */
  void make(IndexSpec spec) throws SQLException {
    TableName whole = new TableName(shape.name().schema(), spec.name());
    Map<Long, TableName> made = new HashMap<>();
    for (Node node : tree(session, shape)) {
      if (node.oid() == shape.oid()) {
        if (of(node).look(spec).state() == IndexState.MISSING) {
          makeAlone(spec, node);
        }
        made.put(node.oid(), whole);
      } else {
        TableName parent = made.getOrDefault(node.parent(), whole);
        String index = attached(node, parent);
        if (index.isEmpty()) {
          index = made(spec, node);
          attach(node, parent, index);
        }
        made.put(node.oid(), new TableName(node.name().schema(), index));
      }
      task.listener().stepped("index-part-made");
    }
  }

  private ConcurrentIndex of(Node node) {
    return new ConcurrentIndex(session, watching, shape, node.name(), node.oid(), task);
  }

  /** The name of the partition's index that belongs to that of its table already. */
  private String attached(Node node, TableName parent) throws SQLException {
    return session.text(
        """
        SELECT x.relname FROM pg_catalog.pg_inherits h
        JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid AND i.indrelid = %s
        JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
        WHERE h.inhparent = %s::pg_catalog.regclass"""
            .formatted(node.oid(), Sql.string(Sql.quote(parent))));
  }

  private String made(IndexSpec spec, Node node) throws SQLException {
    ConcurrentIndex index = of(node);
    String wanted = spec.name() + "_" + node.name().name();
    for (int i = 1; ; i++) {
      String name = IndexStatement.cut(i == 1 ? wanted : wanted + "_" + i);
      IndexSpec part = spec.named(name);
      IndexStanding found = index.look(part);
      switch (found.state()) {
        case PRESENT -> {
          return name;
        }
        case MISSING, INVALID -> {
          if (node.leaf()) {
            index.make(part);
          } else if (found.state() == IndexState.MISSING) {
            makeAlone(part, node);
          }
          return name;
        }
        case BUILDING -> throw ConcurrentIndex.refusal("make", found);
        default -> {} // another thing has the name
      }
    }
  }

  private void makeAlone(IndexSpec spec, Node node) throws SQLException {
    String sql =
        IndexStatement.of(spec, shape.table(), "", spec.name(), "ONLY " + Sql.quote(node.name()));
    inMoments("Cannot make the index " + spec.name() + " on " + node.name(), sql);
  }

  private void attach(Node node, TableName parent, String index) throws SQLException {
    inMoments(
        "Cannot attach the index " + index + " of " + node.name(),
        "ALTER INDEX %s ATTACH PARTITION %s"
            .formatted(Sql.quote(parent), Sql.quote(new TableName(node.name().schema(), index))));
  }

  private void inMoments(String what, String sql) throws SQLException {
    session.execute(MOMENT);
    long since = System.nanoTime();
    while (true) {
      try {
        session.execute(sql);
        return;
      } catch (SQLException e) {
        boolean over = System.nanoTime() - since > task.patience().toNanos();
        if (!Failures.state(e).equals("55P03")) {
          throw e;
        }
        if (over || task.stopping().getAsBoolean()) {
          throw new TidelineException(
              over ? ErrorCode.DATABASE_BUSY : ErrorCode.INTERRUPTED,
              what + ": others hold locks on it.",
              "Parts that are made stay; the whole index is not used before it is complete.",
              "Run the same command again: it goes on with what is missing.",
              e);
        }
        task.listener().at("waiting for a lock on " + shape.name(), 0, 0);
        LockSupport.parkNanos(BETWEEN_NANOS);
      }
    }
  }
}

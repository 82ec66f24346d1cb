package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Condition.IsTrue;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import io.tideline.policy.Predicate;
import io.tideline.row.Row;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database, its lease and its writer, and the ten rows that most tests begin with. */
abstract class WritingCase {
  static final Removal DELETE = new Removal.Delete();
  static final TableName ARCHIVE = new TableName("main", "t_archive");

  @TempDir Path folder;
  Sandbox sandbox;
  Lease lease;
  Writer writer;

  @BeforeEach
  void make() {
    sandbox = new Sandbox(folder);
  }

  @AfterEach
  void close() {
    if (writer != null) {
      writer.close();
      lease.close();
    }
    sandbox.close();
  }

  void numbers(String... more) {
    sandbox
        .with(
            "CREATE TABLE t(id INTEGER PRIMARY KEY, v)",
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)"
                + " INSERT INTO t SELECT i, 'v' || i FROM n")
        .with(more);
  }

  void open() {
    if (writer == null) {
      lease = sandbox.database().acquireLease();
      writer = lease.openWriter(Pace.GENTLE);
    }
  }

  Transaction begin(Table table) {
    open();
    return writer.begin(List.of(table));
  }

  static long remove(Transaction transaction, Table table, long... ids) {
    return transaction.removeKeys(
        table, Sandbox.keysOf(ids), List.of(), Sandbox.all(table), DELETE, row -> true);
  }

  static Condition where(String sql) {
    Row clock = new Row(2);
    return new IsTrue(new Predicate(sql), clock);
  }

  List<String> ids() {
    return sandbox.rows("SELECT id FROM t ORDER BY id");
  }
}

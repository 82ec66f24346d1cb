package io.tideline.postgresql;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Scan;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A fresh database for each test, with a reader and a writer. */
abstract class TableCase {
  Postgres postgres;
  Reader reader;
  Lease lease;
  Writer writer;

  @BeforeEach
  void openDatabase() throws SQLException {
    postgres = new Postgres("");
    reader = postgres.database.openReader();
    lease = postgres.database.acquireLease();
    writer = lease.openWriter(Pace.GENTLE);
  }

  @AfterEach
  void closeDatabase() throws SQLException {
    writer.close();
    lease.close();
    reader.close();
    postgres.close();
  }

  static Item column(String name) {
    return new Item.OfColumn(name);
  }

  static PackedRows keys(long... ids) {
    PackedRows keys = new PackedRows(1);
    for (long id : ids) {
      keys.add(Row.ofInteger(id), 0);
    }
    return keys;
  }

  static Scan scan(Table table, List<Item> items, Condition... filter) {
    return new Scan(table, items, List.of(filter), Range.all(table.key().orElseThrow().columns()));
  }

  List<String> read(Scan scan) {
    List<String> rows = new ArrayList<>();
    reader.scan(scan, Integer.MAX_VALUE, row -> rows.add(row.display()));
    return rows;
  }

  /** Removes by the scan and commits; gives the removed rows. */
  List<String> remove(Scan scan) {
    return remove(scan, new Removal.Delete());
  }

  List<String> remove(Scan scan, Removal removal) {
    List<String> rows = new ArrayList<>();
    try (Transaction transaction = writer.begin(List.of(scan.table()))) {
      long count = transaction.removeRange(scan, removal, row -> rows.add(row.display()));
      if (count != rows.size()) {
        throw new AssertionError(count + " removed, " + rows.size() + " given");
      }
      transaction.commit(false);
    }
    rows.sort(null);
    return rows;
  }
}

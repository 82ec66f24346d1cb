package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Item;
import io.tideline.dialect.Scan;
import io.tideline.error.TidelineException;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;

/**
 * Leaves it to SQLite to notice a value that is too large, where that is possible: a connection
 * with a lower {@code SQLITE_LIMIT_LENGTH} refuses to read one that spilt out of its page, which
 * costs nothing, while measuring every value costs a tenth of a run. A table in which a large value
 * was met has its values measured from then on.
 *
 * @see <a href="https://sqlite.org/c3ref/limit.html">Run-time limits</a>
 */
final class LargeValues {
  /** Smaller values may lie within a page, which SQLite reads without asking for their size. */
  private static final int LARGEST_PAGE = 65_536;

  private final Set<TableName> met = new HashSet<>();

  /** The scan without conditions on size, if no large value of its table was met. */
  Scan unmeasured(Scan scan) {
    return met.contains(scan.table().name())
        ? scan
        : new Scan(scan.table(), scan.items(), others(scan.filter()), scan.range());
  }

  private static List<Condition> others(List<Condition> filter) {
    return filter.stream().filter(c -> !(c instanceof Condition.ValuesAtMost)).toList();
  }

  /** Notes that a table has large values. */
  void met(Table table) {
    met.add(table.name());
  }

  /**
   * The limit under which {@link #unmeasured} reads the same rows or fails; empty if the values
   * must be measured: then the scan itself is to be used.
   */
  OptionalInt limit(Session session, Scan scan) {
    if (met.contains(scan.table().name()) || session.encoding() != Encoding.UTF8) {
      return OptionalInt.empty();
    }
    Set<Item> read = new HashSet<>(scan.items());
    return scan.table().archivedColumns().stream()
            .map(Column::name)
            .allMatch(name -> read.contains(new Item.OfColumn(name)))
        ? scan.filter().stream()
            .filter(Condition.ValuesAtMost.class::isInstance)
            .mapToLong(condition -> ((Condition.ValuesAtMost) condition).bytes())
            .filter(bytes -> bytes >= LARGEST_PAGE && bytes <= Integer.MAX_VALUE)
            .mapToInt(bytes -> (int) bytes)
            .min()
        : OptionalInt.empty();
  }

  /**
   * Gives rows to the sink under a limit.
   *
   * @return the number of rows given, or -1 less it if a larger value came next
   */
  static long read(Session session, String what, Sql sql, int limit, RowSink sink) {
    long[] given = {0};
    int before = session.lengthLimit(limit);
    try {
      return session.query(
          what,
          sql,
          row -> {
            given[0]++;
            return sink.accept(row);
          });
    } catch (TidelineException e) {
      if (e.getCause() instanceof SQLException cause
          && Failures.primary(cause) == SQLiteErrorCode.SQLITE_TOOBIG) {
        return -1 - given[0];
      }
      throw e;
    } finally {
      session.lengthLimit(before);
    }
  }
}

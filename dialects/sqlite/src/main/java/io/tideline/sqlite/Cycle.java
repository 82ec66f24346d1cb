package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.row.PackedRows;
import java.util.List;
import java.util.Set;

/**
 * Deletes rows of tables that refer to each other, while foreign keys wait for the commit.
 *
 * <p>Where a foreign key of theirs acts on a deletion, rows of one go with rows of another before
 * their turn: then it is counted how many were there before and are there no more, and as many
 * changes must have been made, no more.
 */
final class Cycle {
  private static final Set<String> PASSIVE = Set.of("NO ACTION", "RESTRICT");
  private static final Removal DELETE = new Removal.Delete();

  private final Session session;
  private final Losses losses;

  private Cycle(Session session, Losses losses) {
    this.session = session;
    this.losses = losses;
  }

  /** Deletes them. @return how many there were */
  static long remove(Session session, Losses losses, List<Doomed> doomed) {
    Cycle cycle = new Cycle(session, losses);
    boolean acts =
        doomed.stream()
            .flatMap(each -> each.table().referrers().stream())
            .map(ForeignKey::onDelete)
            .anyMatch(action -> !PASSIVE.contains(action));
    return acts ? cycle.amongActions(doomed) : cycle.oneByOne(doomed);
  }

  private long oneByOne(List<Doomed> doomed) {
    long removed = 0;
    for (Doomed each : doomed) {
      removed +=
          new Remover(session, losses, each.table(), DELETE)
              .keys(each.keys(), List.of(), List.of(), row -> true);
    }
    return removed;
  }

  private long amongActions(List<Doomed> doomed) {
    doomed.forEach(each -> letGo(each, doomed));
    long[] before = doomed.stream().mapToLong(this::live).toArray();
    long changes = losses.totalChanges();
    for (Doomed each : doomed) {
      inChunks(each, where -> session.update(what(each.table()), delete(each, where)));
    }
    long removed = 0;
    boolean triggers = false;
    for (int i = 0; i < before.length; i++) {
      Doomed each = doomed.get(i);
      long gone = before[i] - live(each);
      losses.deleted(each.table().name(), gone);
      removed += gone;
      triggers |= each.table().firesOnDelete();
    }
    long changed = losses.totalChanges() - changes;
    if (changed != removed && !triggers) {
      throw new SurpriseException(
          "%s rows were to be deleted together, SQLite changed %s".formatted(removed, changed));
    }
    return removed;
  }

  /** Lets go of rows, where a foreign key would change those that refer to them: uncounted. */
  private void letGo(Doomed parent, List<Doomed> doomed) {
    for (ForeignKey key : parent.table().referrers()) {
      for (Doomed child : doomed) {
        if (key.onDelete().startsWith("SET")
            && key.from().equals(child.table().name())
            && key.columns().stream().allMatch(column -> mayBeNull(child.table(), column))) {
          new Detacher(session, losses, child.table(), key.columns()).detach(child.keys());
        }
      }
    }
  }

  private static boolean mayBeNull(Table table, String column) {
    return !table.key().orElseThrow().columns().contains(column)
        && table.column(column).filter(Column::nullable).isPresent();
  }

  private Sql delete(Doomed each, Sql where) {
    return new ScanSql(each.table(), session.encoding()).delete().add(where);
  }

  private long live(Doomed each) {
    ScanSql sqls = new ScanSql(each.table(), session.encoding());
    Sql count = session.sql().add("count(*)");
    return inChunks(
        each, where -> session.number(what(each.table()), sqls.select(List.of(count)).add(where)));
  }

  /** What is done with the rows of a WHERE clause. */
  private interface Step {
    long with(Sql where);
  }

  private long inChunks(Doomed each, Step step) {
    RowSql rows = new RowSql(each.table(), session.encoding());
    PackedRows keys = each.keys();
    long sum = 0;
    for (int first = 0; first < keys.size(); first += Queries.KEYS) {
      int count = Math.min(Queries.KEYS, keys.size() - first);
      Sql where = session.sql().add(" WHERE ");
      sum += step.with(where.add(rows.keyIn(Queries.keyOf(each.table()), keys, first, count)));
    }
    return sum;
  }

  private String what(Table table) {
    return "Cannot delete from table " + table.name() + " of " + session.file().path();
  }
}

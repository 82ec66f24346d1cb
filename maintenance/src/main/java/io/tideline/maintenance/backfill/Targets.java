package io.tideline.maintenance.backfill;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Obstacle;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.BackfillTarget.Link;
import io.tideline.dialect.Database;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.tuning.Backfill;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds what the names of a backfill mean, and refuses what no database could do safely. */
final class Targets {
  private static final String TRIGGERS = "triggers ";

  private final Database database;

  Targets(Database database) {
    this.database = database;
  }

  /**
   * What a backfill means now.
   *
   * @param begun whether it has begun, so that a column it adds is there
   */
  BackfillTarget resolve(Backfill backfill, boolean begun) {
    Catalogue catalogue = database.catalogue();
    Table table = database.resolve(catalogue, backfill.table());
    for (Obstacle obstacle : table.obstacles()) {
      throw refused(backfill, obstacle.what(), obstacle.mend());
    }
    if (table.key().isEmpty()) {
      throw refused(backfill, "nothing names its rows", "Give it a primary key.");
    }
    String column = backfill.column();
    if (backfill.adds() && !begun) {
      requireAbsent(backfill, table);
    } else if (!backfill.adds() || there(table, column)) {
      column = database.resolveColumn(table, backfill.column());
      requireOrdinary(backfill, table, column);
    }
    Optional<Link> link =
        backfill.source() instanceof Backfill.Copy copy
            ? Optional.of(link(backfill, catalogue, table, copy))
            : Optional.empty();
    return new BackfillTarget(backfill, table, column, link);
  }

  private static void requireAbsent(Backfill backfill, Table table) {
    if (there(table, backfill.column())) {
      throw refused(
          backfill,
          "the column "
              + backfill.column()
              + " is there already, and no backfill of this name has"
              + " added it",
          "If it was finished, remove it from the configuration; to fill what the column lacks,"
              + " remove 'add'.");
    }
  }

  private static boolean there(Table table, String column) {
    return table.columns().stream().anyMatch(each -> each.name().equalsIgnoreCase(column));
  }

  private static void requireOrdinary(Backfill backfill, Table table, String column) {
    Column.Origin origin = table.column(column).map(Column::origin).orElse(Column.Origin.STORED);
    if (origin != Column.Origin.STORED) {
      throw refused(
          backfill, "the database itself gives " + column + " its values", "Name another column.");
    }
    Stream<List<String>> keys =
        Stream.concat(
            table.key().map(Key::columns).stream(),
            table.referrers().stream().map(ForeignKey::toColumns));
    if (keys.anyMatch(key -> key.contains(column))) {
      throw refused(
          backfill,
          column + " is part of a key, by which rows are found and referred to",
          "Name another column.");
    }
  }

  private Link link(Backfill backfill, Catalogue catalogue, Table table, Backfill.Copy copy) {
    Table parent = database.resolve(catalogue, copy.table());
    String column = database.resolveColumn(parent, copy.column());
    List<String> over =
        copy.over().stream().map(each -> database.resolveColumn(table, each)).toList();
    for (ForeignKey key : table.references()) {
      boolean same =
          key.to().equals(parent.name())
              && key.columns().size() == over.size()
              && new HashSet<>(key.columns()).equals(new HashSet<>(over));
      if (same && !key.broken()) {
        return new Link(parent, column, key.columns(), key.toColumns());
      }
    }
    return new Link(parent, column, over, onlyKey(backfill, parent, over.size()));
  }

  /** The one key of a size that a table has, where no foreign key says it. */
  private static List<String> onlyKey(Backfill backfill, Table parent, int size) {
    List<List<String>> keys =
        Stream.concat(
                parent.key().filter(key -> !key.hidden()).map(Key::columns).stream(),
                parent.indexes().stream()
                    .filter(index -> index.unique() && !index.partial())
                    .map(Index::columns))
            .filter(columns -> columns.size() == size && !columns.contains(""))
            .distinct()
            .toList();
    if (keys.size() != 1) {
      throw refused(
          backfill,
          "no foreign key over these columns says which row of " + parent.name() + " they mean",
          "Name the columns of a foreign key in 'over'.");
    }
    return keys.get(0);
  }

  /** What must be the same for as long as a backfill lasts, one thing a line. */
  static String shape(BackfillTarget target) {
    List<String> lines = new ArrayList<>();
    Table table = target.table();
    lines.add("table " + table.name());
    lines.add("key " + key(table, table.key().map(Key::columns).orElse(List.of())));
    if (target.logged()) {
      lines.add("column " + key(table, List.of(target.column())));
    }
    target
        .link()
        .ifPresent(
            link ->
                lines.add(
                    "from "
                        + link.parent().name()
                        + " "
                        + key(link.parent(), List.of(link.column()))
                        + " by "
                        + key(link.parent(), link.parentColumns())
                        + " = "
                        + key(table, link.columns())));
    lines.add(
        TRIGGERS
            + target.otherTriggers().stream()
                .map(Trigger::name)
                .sorted()
                .collect(Collectors.joining(", ")));
    return String.join("\n", lines);
  }

  private static String key(Table table, List<String> columns) {
    return columns.stream()
        .map(each -> each + " " + table.column(each).map(Column::declaredType).orElse("hidden"))
        .collect(Collectors.joining(", "));
  }

  /** The same without what an undo need not care for. */
  static String core(String shape) {
    return shape
        .lines()
        .filter(line -> !line.startsWith(TRIGGERS))
        .collect(Collectors.joining("\n"));
  }

  static TidelineException refused(Backfill backfill, String why, String mend) {
    return new TidelineException(
        ErrorCode.BACKFILL_REFUSED,
        "Cannot carry out the backfill '"
            + backfill.name()
            + "' (table "
            + backfill.table()
            + "): "
            + why
            + ".",
        "Nothing was changed.",
        mend);
  }
}

package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The table that takes moved rows. Its columns have no declared type, so that SQLite keeps every
 * value as it is; a hidden rowid of the source is not kept.
 */
final class ArchiveTable {
  static final String ARCHIVED_AT = "archived_at";

  private final Session session;
  private final Table source;
  private final TableName target;

  ArchiveTable(Session session, Table source, TableName target) {
    this.session = session;
    this.source = source;
    this.target = target;
  }

  /** Makes or widens it, inside the caller's transaction. */
  List<String> align() throws SQLException {
    for (Column column : source.columns()) {
      if (same(column.name(), ARCHIVED_AT)) {
        throw unsuitable(
            "the table " + source.name() + " has a column " + column.name() + " itself",
            "Rename that column, or use the action archive.");
      }
    }
    if (same(source.name().name(), target.name())) {
      throw unsuitable("it is the source itself", "Name another archive_table.");
    }
    if (same(target.name().substring(0, Math.min(7, target.name().length())), "sqlite_")) {
      throw unsuitable("names with sqlite_ are SQLite's own", "Name another archive_table.");
    }
    Catalogue catalogue = CatalogueReader.read(session);
    Optional<Table> existing =
        catalogue.tables().stream().filter(t -> same(t.name().name(), target.name())).findFirst();
    return existing.isPresent() ? widen(existing.get()) : create();
  }

  private List<String> create() throws SQLException {
    String columns =
        source.archivedColumns().stream()
            .map(column -> Sql.quote(column.name()))
            .collect(Collectors.joining(", "));
    session.execute(
        "CREATE TABLE "
            + Sql.quote(target)
            + " ("
            + columns
            + ", "
            + Sql.quote(ARCHIVED_AT)
            + " TEXT)");
    return List.of("Created the archive table " + target + ".");
  }

  private List<String> widen(Table existing) throws SQLException {
    checkShape(existing);
    List<String> done = new ArrayList<>();
    for (Column column : source.archivedColumns()) {
      Optional<Column> present = find(existing, column.name());
      if (present.isEmpty()) {
        addColumn(existing, Sql.quote(column.name()));
        done.add("Added the column " + column.name() + " to the archive table " + target + ".");
      } else if (alters(column, present.get())) {
        throw unsuitable(
            "its column "
                + column.name()
                + " is declared "
                + present.get().declaredType()
                + " and could alter values",
            "Let its column have no type, or name another archive_table.");
      }
    }
    if (find(existing, ARCHIVED_AT).isEmpty()) {
      addColumn(existing, Sql.quote(ARCHIVED_AT) + " TEXT");
      done.add("Added the column " + ARCHIVED_AT + " to the archive table " + target + ".");
    }
    return done;
  }

  private void addColumn(Table existing, String definition) throws SQLException {
    session.execute("ALTER TABLE " + Sql.quote(existing.name()) + " ADD COLUMN " + definition);
  }

  private void checkShape(Table existing) {
    if (!existing.obstacles().isEmpty()) {
      throw unsuitable(existing.obstacles().get(0).what(), "Name another archive_table.");
    }
    if (!existing.triggers().isEmpty()) {
      throw unsuitable("it has triggers", "Drop them, or name another archive_table.");
    }
    if (!existing.references().isEmpty() || !existing.referrers().isEmpty()) {
      throw unsuitable("it has foreign keys", "Name another archive_table.");
    }
    boolean keyed =
        existing.indexes().stream().anyMatch(Index::unique)
            || existing.key().filter(key -> !key.hidden()).isPresent();
    if (keyed) {
      throw unsuitable(
          "it has a unique key, and a row may be archived twice", "Name another archive_table.");
    }
    for (Column column : existing.columns()) {
      if (!column.nullable()) {
        throw unsuitable(
            "its column " + column.name() + " is NOT NULL", "Name another archive_table.");
      }
      if (!column.archived()) {
        throw unsuitable(
            "its column " + column.name() + " is generated", "Name another archive_table.");
      }
    }
  }

  /** A column of the same affinity has already made of a value what it would make of it. */
  private static boolean alters(Column from, Column to) {
    if (to.declaredType().isEmpty() || to.type().family() == Family.BLOB) {
      return false;
    }
    return Affinity.of(from.declaredType()) != Affinity.of(to.declaredType());
  }

  private static Optional<Column> find(Table table, String name) {
    return table.columns().stream().filter(column -> same(column.name(), name)).findFirst();
  }

  private static boolean same(String a, String b) {
    return Names.fold(a).equals(Names.fold(b));
  }

  private TidelineException unsuitable(String why, String mend) {
    return new TidelineException(
        ErrorCode.ARCHIVE_TABLE_UNSUITABLE,
        "Cannot move rows of " + source.name() + " to " + target + ": " + why + ".",
        "Nothing was changed.",
        mend);
  }
}

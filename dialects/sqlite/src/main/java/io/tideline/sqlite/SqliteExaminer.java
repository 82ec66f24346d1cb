package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Checkup;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.Examination;
import io.tideline.dialect.Examiner;
import io.tideline.dialect.Item;
import io.tideline.dialect.OpenBackfills;
import io.tideline.dialect.UnseenException;
import io.tideline.error.TidelineException;
import io.tideline.health.Activity;
import io.tideline.health.Finding;
import io.tideline.health.ForeignKeyFacts;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.StorageFacts;
import io.tideline.health.TableFacts;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Looks at the health of a file. */
final class SqliteExaminer implements Examiner {
  /** How long it waits for a lock of another. */
  private static final int LOCK_MILLIS = 50;

  private final Session session;
  private final Examination asked;
  private final Watched watched;
  private @Nullable StorageFacts storage;
  private @Nullable TreeSizes sizes;

  private SqliteExaminer(Session session, Examination asked) {
    this.session = session;
    this.asked = asked;
    this.watched = new Watched(session, asked.exact() ? Watched.LONG : Watched.USUAL);
  }

  static SqliteExaminer open(DatabaseFile file, Examination asked) {
    try {
      Session session = Session.openReading(file);
      session.db().busy_timeout(LOCK_MILLIS);
      return new SqliteExaminer(session, asked);
    } catch (SQLException e) {
      throw Failures.reading("Cannot open the database " + file.path(), e);
    }
  }

  @Override
  public StorageFacts storage() {
    StorageFacts known = storage;
    if (known == null) {
      known = watched.ask(this::readStorage);
      storage = known;
    }
    return known;
  }

  private StorageFacts readStorage(Session from) throws SQLException {
    long page = Long.parseLong(from.pragma("page_size"));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("journal_mode", from.pragma("journal_mode"));
    settings.put(
        "auto_vacuum",
        switch (from.pragma("auto_vacuum")) {
          case "1" -> "full";
          case "2" -> "incremental";
          default -> "none";
        });
    settings.put("page_size", Long.toString(page));
    settings.put("encoding", from.pragma("encoding"));
    DatabaseSize size =
        new DatabaseSize(
            Long.parseLong(from.pragma("page_count")) * page,
            Long.parseLong(from.pragma("freelist_count")) * page,
            from.file().logBytes());
    return new StorageFacts(size, settings);
  }

  /** Whether the file may be read whole. */
  boolean whole() {
    return asked.exact() || storage().size().total() <= TreeSizes.SMALL;
  }

  /** The path of the file. */
  String place() {
    return session.file().path().toString();
  }

  private TreeSizes sizes() {
    TreeSizes known = sizes;
    if (known == null) {
      DatabaseSize size = storage().size();
      known = new TreeSizes(watched, size.total() - size.free(), whole());
      sizes = known;
    }
    return known;
  }

  /** The mean width of a column. */
  double width(String table, String column) {
    return sizes().width(table, column);
  }

  @Override
  public List<TableFacts> tables() {
    return sizes().tables();
  }

  @Override
  public IndexSurvey indexes() {
    TreeSizes all = sizes();
    return new IndexSurvey(
        watched.ask(from -> IndexReader.indexes(from, all)), Optional.empty(), 0);
  }

  @Override
  public List<ForeignKeyFacts> foreignKeys() {
    return watched.ask(IndexReader::foreignKeys);
  }

  @Override
  public void sampleTimes(Table table, Item time, RowSink sink) {
    watched.ask(
        from ->
            from.snapshot(
                "Cannot read table " + table.name() + " of " + place(),
                () -> {
                  new Sampler(from, table, whole()).times(time, sink);
                  return true;
                }));
  }

  @Override
  public Activity activity() {
    return new Activity(
        Map.of(), OptionalLong.empty(), new FileHolders(session.file()).look(), List.of());
  }

  @Override
  public List<Activity.Statement> statements() {
    return List.of();
  }

  @Override
  public List<Checkup> checkups() {
    List<Checkup> all = new ArrayList<>();
    StorageChecks keeping = new StorageChecks(this, asked.thresholds());
    all.add(new Checkup("free space in the file", keeping::freeSpace));
    all.add(new Checkup("write-ahead log", keeping::log));
    all.add(new Checkup("journal mode", keeping::journal));
    all.add(new Checkup("auto_vacuum", keeping::autoVacuum));
    all.add(
        new Checkup(
            "statistics of the planner", () -> StatisticsCheck.look(watched, sizes(), indexes())));
    all.add(new Checkup("foreign keys", new ForeignKeyChecks(watched, this)::look));
    all.add(new Checkup("locks of other processes", () -> new LockCheck(session.file()).look()));
    all.add(new Checkup("backfills", this::backfills));
    if (asked.integrity()) {
      Watched patient = new Watched(session, Watched.LONG);
      all.add(new Checkup("integrity", () -> new RowChecks(patient, this).integrity()));
    }
    return all;
  }

  private List<Finding> backfills() {
    try {
      return OpenBackfills.findings(
          watched.ask(
              asking -> new FillNotes(asking).all().stream().map(FillNotes.Note::state).toList()));
    } catch (TidelineException e) {
      throw new UnseenException(e.what(), e);
    }
  }

  @Override
  public String dropIndex(IndexFacts index) {
    return "DROP INDEX " + Sql.quote(index.name()) + ";";
  }

  /** Its pages become free, and stay in the file. */
  @Override
  public String afterDrop() {
    return "its space becomes free inside the file, which stays as long as it is; 'tideline reclaim'"
        + " gives it to the disk";
  }

  /** What VACUUM would do besides; empty if nothing. */
  String renumbered() {
    return Renumbered.warning(session);
  }

  @Override
  public void close() {
    session.close();
  }
}

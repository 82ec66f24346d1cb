package io.tideline.dialect;

import io.tideline.catalogue.Table;
import io.tideline.health.Activity;
import io.tideline.health.ForeignKeyFacts;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.StorageFacts;
import io.tideline.health.TableFacts;
import io.tideline.row.RowSink;
import java.util.List;

/**
 * Looks at the health of a database over a connection of its own, which changes nothing. Each of
 * its queries ends after 5 s and waits for a lock for 50 ms at most, unless more was asked of it.
 *
 * <p>Every call throws {@link UnseenException} if just that cannot be looked at, and {@link
 * io.tideline.error.TidelineException} if nothing more can: {@code CONNECTION_LOST}, {@code
 * DATABASE_CORRUPT}.
 */
public interface Examiner extends AutoCloseable {
  /** What the database takes. */
  StorageFacts storage();

  /** What each table takes, in no order. */
  List<TableFacts> tables();

  /** All indexes of its tables. */
  IndexSurvey indexes();

  /** All foreign keys; of those that partitions share with their table, only the table's. */
  List<ForeignKeyFacts> foreignKeys();

  /**
   * As {@link Reader#sampleTimes}.
   *
   * @throws io.tideline.error.TidelineException also where a lock is in the way
   */
  void sampleTimes(Table table, Item time, RowSink sink);

  /** Who uses it, without the statements that took longest. */
  Activity activity();

  /** The statements that took most time together, where the engine counts them. */
  List<Activity.Statement> statements();

  /** What only this engine can look for, each by itself. */
  List<Checkup> checkups();

  /** The statement that removes an index, for a person to run. */
  String dropIndex(IndexFacts index);

  /**
   * What must be done before the disk has the space of an index that was dropped, as a note for a
   * person.
   *
   * @return empty if the drop itself gives it back
   */
  default String afterDrop() {
    return "";
  }

  @Override
  void close();
}

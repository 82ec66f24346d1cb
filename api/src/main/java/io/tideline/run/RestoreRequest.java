package io.tideline.run;

import io.tideline.dialect.DatabaseUrl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which archived rows come back, and where.
 *
 * @param runs only rows that these runs archived; all if empty
 * @param tables only rows of these tables; all if empty
 * @param from only rows not older; all if empty
 * @param to only rows strictly older; all if empty
 * @param where only rows for which this SQL predicate over the archive's view is true; all if empty
 * @param into another database; the source if empty
 * @param overwrite whether a live row that differs is archived and replaced; else it is left and
 *     listed
 * @param gone whether rows that the application itself deleted come back too
 * @param inDoubt whether rows of unclosed manifests come too; only with {@code into}
 * @param hold how long the next runs leave the restored rows alone; zero for no hold
 * @param map names of archived columns to names of present ones; an empty name leaves a column out
 * @param tree only rows of one tree, in its newest copy: the table of its root, a slash, and the
 *     root's key, as in {@code runs/run-123}; all if empty
 */
public record RestoreRequest(
    List<String> runs,
    List<String> tables,
    Optional<Instant> from,
    Optional<Instant> to,
    Optional<String> where,
    Optional<DatabaseUrl> into,
    boolean overwrite,
    boolean gone,
    boolean inDoubt,
    Duration hold,
    Map<String, String> map,
    Optional<String> tree) {
  /** How long restored rows are left alone unless another time is asked for. */
  public static final Duration DEFAULT_HOLD = Duration.ofDays(7);

  /** Copies the lists. */
  public RestoreRequest {
    runs = List.copyOf(runs);
    tables = List.copyOf(tables);
    map = Map.copyOf(map);
  }

  /** As the canonical constructor, of whichever tree. */
  public RestoreRequest(
      List<String> runs,
      List<String> tables,
      Optional<Instant> from,
      Optional<Instant> to,
      Optional<String> where,
      Optional<DatabaseUrl> into,
      boolean overwrite,
      boolean gone,
      boolean inDoubt,
      Duration hold,
      Map<String, String> map) {
    this(
        runs, tables, from, to, where, into, overwrite, gone, inDoubt, hold, map, Optional.empty());
  }

  /** Everything, into the source, skipping rows that are there, with the usual hold. */
  public static RestoreRequest everything() {
    return new RestoreRequest(
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        false,
        DEFAULT_HOLD,
        Map.of());
  }

  /** The same rows, restricted to some tables. */
  public RestoreRequest ofTables(List<String> names) {
    return new RestoreRequest(
        runs, names, from, to, where, into, overwrite, gone, inDoubt, hold, map, tree);
  }

  /** The same rows, restricted to a time range. */
  public RestoreRequest between(Instant first, Instant end) {
    return new RestoreRequest(
        runs,
        tables,
        Optional.of(first),
        Optional.of(end),
        where,
        into,
        overwrite,
        gone,
        inDoubt,
        hold,
        map,
        tree);
  }

  /** The same rows, and those that the application itself deleted. */
  public RestoreRequest withGone() {
    return new RestoreRequest(
        runs, tables, from, to, where, into, overwrite, true, inDoubt, hold, map, tree);
  }

  /** The same rows, into another database. */
  public RestoreRequest into(DatabaseUrl other) {
    return new RestoreRequest(
        runs,
        tables,
        from,
        to,
        where,
        Optional.of(other),
        overwrite,
        gone,
        inDoubt,
        hold,
        map,
        tree);
  }

  /** The same rows, restricted to one tree: the table of its root, a slash, and the root's key. */
  public RestoreRequest ofTree(String root) {
    return new RestoreRequest(
        runs,
        tables,
        from,
        to,
        where,
        into,
        overwrite,
        gone,
        inDoubt,
        hold,
        map,
        Optional.of(root));
  }
}

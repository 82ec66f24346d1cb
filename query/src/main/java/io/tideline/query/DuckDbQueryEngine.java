package io.tideline.query;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.QueryEngine;
import io.tideline.policy.Predicate;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Queries archives with <a href="https://duckdb.org/docs/">DuckDB</a>, in memory and in a sandbox:
 * one statement that only reads, no file but the views' segments, no network, no extension, 512 MB
 * of native memory, two threads.
 *
 * <p>A table outside the usual schema has its view in a schema of that name as well as under its
 * whole name. Columns bear their {@link io.tideline.archive.SegmentSchema#fileNames() file names}.
 * A column whose type differs between segments, or that has exact values, is text. The native
 * library is taken from {@code java.library.path} where it lies there.
 */
public final class DuckDbQueryEngine implements QueryEngine {
  /** Made by {@link java.util.ServiceLoader}. */
  public DuckDbQueryEngine() {}

  @Override
  public void query(List<ArchiveView> views, String sql, Result result) {
    Failures failures = new Failures(views);
    try (Sandbox sandbox = Sandbox.open(views, failures)) {
      sandbox.run(sql, result);
    } catch (SQLException e) {
      throw failures.refused(e);
    }
  }

  @Override
  public void rowsWhere(ArchiveView view, Predicate predicate, FoundRow found) {
    if (view.segments().isEmpty()) {
      return;
    }
    List<ArchiveView> views = List.of(view);
    Failures failures = new Failures(views);
    String sql =
        "SELECT "
            + ViewSql.SEGMENT
            + ", "
            + ViewSql.ROW
            + " FROM ("
            + ViewSql.withPlaces(view)
            + ") AS archived WHERE ("
            + predicate.sql()
            + ")";
    try (Sandbox sandbox = Sandbox.open(views, failures)) {
      sandbox.runOwn(sql, new Places(view, found));
    } catch (SQLException e) {
      throw failures.refused(e);
    }
  }

  /** Tells the files and ordinals of rows. */
  private record Places(ArchiveView view, FoundRow found) implements Result {
    @Override
    public void columns(List<String> names, List<String> types) {}

    @Override
    public boolean row(@Nullable Object[] values) {
      int segment = ((Number) Objects.requireNonNull(values[0])).intValue();
      int ordinal = ((Number) Objects.requireNonNull(values[1])).intValue();
      found.row(view.segments().get(segment).file(), ordinal);
      return true;
    }
  }
}

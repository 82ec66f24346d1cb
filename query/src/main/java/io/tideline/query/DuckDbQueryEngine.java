package io.tideline.query;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.QueryEngine;
import java.sql.SQLException;
import java.util.List;

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
}

package io.tideline.core.restore;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.QueryEngine;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Manifest;
import io.tideline.policy.Predicate;
import io.tideline.run.RestoreRequest;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the archived rows that meet a predicate, by asking the archive's views. */
public final class RowsWhere {
  private final Optional<QueryEngine> engine;

  /**
   * @param engine the engine; not needed where a request has no predicate
   */
  public RowsWhere(Optional<QueryEngine> engine) {
    this.engine = engine;
  }

  /** The rows of each file that meet the request's predicate; empty if it has none. */
  public Map<Path, BitSet> find(
      RestoreRequest request, ArchiveFolder archive, List<ArchiveView> views) {
    Map<Path, BitSet> rows = new HashMap<>();
    if (request.where().isEmpty()) {
      return rows;
    }
    Predicate predicate = new Predicate(request.where().get());
    Set<String> meant =
        archive.manifests().stream()
            .flatMap(entry -> entry.manifest().segments().stream())
            .map(Manifest.Segment::table)
            .filter(table -> Choice.matches(request, table))
            .map(TableName::toString)
            .collect(Collectors.toSet());
    for (ArchiveView view : views) {
      if (meant.contains(view.table())) {
        engine
            .orElseThrow()
            .rowsWhere(
                view,
                predicate,
                (file, row) -> rows.computeIfAbsent(file, f -> new BitSet()).set(row));
      }
    }
    return rows;
  }
}

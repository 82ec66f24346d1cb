package io.tideline.core.restore;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables that archived rows come back to, and where their values go in each. */
final class Targets {
  private final RunContext context;
  private final Catalogue catalogue;
  private final Map<String, String> renamed;
  private final boolean elsewhere;
  private final Map<Table, Boolean> empty = new HashMap<>();

  /**
   * The tables of a context's database.
   *
   * @param renamed archived names and the present ones
   * @param elsewhere whether it is another database than the source
   */
  Targets(RunContext context, Catalogue catalogue, Map<String, String> renamed, boolean elsewhere) {
    this.context = context;
    this.catalogue = catalogue;
    this.renamed = renamed;
    this.elsewhere = elsewhere;
  }

  /**
   * The table that rows of a segment come back to.
   *
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} if there is none, or it has no key
   */
  Table table(Manifest.Segment segment) {
    Table table =
        catalogue
            .table(segment.table())
            .or(
                () ->
                    elsewhere
                        ? Optional.of(context.database().resolve(catalogue, segment.table().name()))
                        : Optional.empty())
            .orElseThrow(
                () ->
                    new TidelineException(
                        ErrorCode.RESTORE_IMPOSSIBLE,
                        "Cannot restore rows of " + segment.table() + ": there is no such table.",
                        "Nothing was changed.",
                        "Make the table first. It was: " + segment.definition()));
    if (table.key().isEmpty()) {
      throw new TidelineException(
          ErrorCode.RESTORE_IMPOSSIBLE,
          "Cannot restore rows of " + segment.table() + ": the table has no key.",
          "Nothing was changed.",
          "Give it a primary key, or restore --into another database.");
    }
    return table;
  }

  /**
   * Where the rows of a segment go.
   *
   * @throws TidelineException {@code RESTORE_IMPOSSIBLE} as {@link Mapping} says
   */
  Part part(Chosen chosen) {
    Table table = table(chosen.segment());
    boolean sameKeys =
        !elsewhere
            && chosen.manifest().source().sameAs(context.identity().source())
            && chosen.manifest().catalogueVersion().equals(catalogue.version());
    boolean keepsHidden = sameKeys || elsewhere && empty.computeIfAbsent(table, this::isEmpty);
    return new Part(chosen, Mapping.of(chosen.segment(), table, keepsHidden, renamed, !elsewhere));
  }

  private boolean isEmpty(Table table) {
    try (Reader reader = context.database().openReader()) {
      return reader.count(table, List.of()) == 0;
    }
  }
}

package io.tideline.core.run;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.core.closure.ShapeFinder;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.dialect.ReferrerPath;
import io.tideline.dialect.Writer;
import io.tideline.plan.Plan;
import io.tideline.plan.UnindexedKey;
import io.tideline.run.RunEvent;
import java.util.List;
import java.util.Optional;

/** Makes the indexes that a plan lacks. */
final class IndexMaking {
  private final RunContext context;
  private final Writer writer;
  private final RuleSource source;
  private final Pacer pacer;

  IndexMaking(RunContext context, Writer writer, RuleSource source, Pacer pacer) {
    this.context = context;
    this.writer = writer;
    this.source = source;
    this.pacer = pacer;
  }

  /**
   * Makes each that is still missing, until the run shall stop.
   *
   * @throws io.tideline.error.TidelineException as {@link Writer#createIndex}; those made before
   *     stay
   */
  void make(Plan plan) {
    for (UnindexedKey each : plan.unindexed()) {
      if (!context.control().stopping() && !each.statement().isEmpty()) {
        make(each);
      }
    }
  }

  private void make(UnindexedKey wanted) {
    Catalogue catalogue = context.database().catalogue();
    Optional<Table> from = catalogue.table(wanted.table());
    Optional<ForeignKey> key = key(catalogue, wanted);
    if (from.isEmpty() || key.isEmpty() || served(key.get(), from.get())) {
      return;
    }
    context.listener().on(new RunEvent.Began("index " + key.get().display(), wanted.rows()));
    context.listener().on(new RunEvent.Noted("Making an index: " + wanted.statement()));
    String made = Patience.tryFor(() -> writer.createIndex(key.get(), from.get()), pacer);
    context.listener().on(new RunEvent.Progressed(wanted.rows(), 0));
    context.listener().on(new RunEvent.Noted(made));
  }

  private Optional<ForeignKey> key(Catalogue catalogue, UnindexedKey wanted) {
    ShapeFinder finder = source.shapes(catalogue, List.of());
    return catalogue.table(wanted.to()).stream()
        .flatMap(to -> finder.referrers(to).stream())
        .filter(key -> key.from().equals(wanted.table()))
        .filter(key -> key.columns().equals(wanted.columns()))
        .findFirst();
  }

  /** Another key over the same columns may have got one, or somebody else made it meanwhile. */
  private boolean served(ForeignKey key, Table from) {
    try (Reader reader = context.database().openReader()) {
      return reader.referrerPath(key, from) != ReferrerPath.SCAN;
    }
  }
}

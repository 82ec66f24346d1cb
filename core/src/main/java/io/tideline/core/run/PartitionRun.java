package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.digest.DigestSum;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Writer;
import io.tideline.plan.WholePartition;
import io.tideline.policy.Action;
import io.tideline.run.RunEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Takes one partition away whole: archives all its rows, detaches it, compares, drops. Where that
 * cannot be, it belongs to its table again in the end, and what was archived goes row by row.
 */
final class PartitionRun {
  private final RunContext context;
  private final Writer writer;
  private final Partitions partitions;
  private final Pacer pacer;
  private final RuleRun run;
  private final RulesNow rules;
  private final PolicyTotals totals;
  private final Resumer resumer;
  private final WholePartition whole;
  private final List<Manifest> sealed = new ArrayList<>();
  private final DigestSum archived = new DigestSum();

  PartitionRun(
      RunContext context,
      Writer writer,
      Partitions partitions,
      Pacer pacer,
      RuleRun run,
      RulesNow rules,
      PolicyTotals totals,
      Resumer resumer,
      WholePartition whole) {
    this.context = context;
    this.writer = writer;
    this.partitions = partitions;
    this.pacer = pacer;
    this.run = run;
    this.rules = rules;
    this.totals = totals;
    this.resumer = resumer;
    this.whole = whole;
  }

  /** Takes it away, unless the run shall stop before. */
  void go(IntSupplier numbers) {
    context
        .listener()
        .on(
            new RunEvent.Began(
                run.plan().policy().name() + " " + partition().name(), whole.rows()));
    if (run.plan().policy().action() == Action.DELETE) {
      context.control().took(whole.rows());
      Layout keys = Layout.keys(run.rules(), run.rule(), run.plan().order());
      settle(new WithoutCopy(context, run, totals).drop(whole, () -> drop(keys, Optional.empty())));
      return;
    }
    Layout layout = Layout.whole(run.rules(), Optional.of(run.rule()), run.plan().order());
    Pipeline.run(context, () -> Archiver.of(context, run, layout, numbers, whole), this::take);
    context.control().askGuard(true);
    if (!context.control().stopping() && !sealed.isEmpty()) {
      PartitionDrop.Result result = take(layout);
      totals.removed(result.rows());
      settle(result);
    }
  }

  private Partition partition() {
    return whole.partition();
  }

  private boolean take(Chunk chunk) {
    Manifest manifest = chunk.manifest().orElseThrow();
    totals.sealed(manifest);
    sealed.add(manifest);
    SealedRows rows = chunk.rows();
    for (int i = 0; i < rows.size(); i++) {
      archived.add(rows.high(i), rows.low(i));
    }
    return !context.control().stopping();
  }

  private PartitionDrop.Result take(Layout layout) {
    if (archived.rows() != count()) {
      return new PartitionDrop.Result(0, "not all of its rows go");
    }
    if (!detachable()) {
      return drop(layout, Optional.of(archived));
    }
    Detachment detachment =
        new Detachment(context, partitions, pacer, run.rules().table().name(), partition());
    if (!detachment.detach()) {
      return new PartitionDrop.Result(0, "others use it all the time");
    }
    PartitionDrop.Result result = drop(layout, Optional.of(archived));
    if (!result.gone()) {
      detachment.attach(result.stays());
    }
    return result;
  }

  /**
   * Beside a partition that takes the rest, rows meant for a detached one would go there, and it
   * could not be attached again: so it is compared and dropped where it is.
   */
  private boolean detachable() {
    return run.rules().table().partitions().stream().noneMatch(Partition::takesTheRest);
  }

  private PartitionDrop.Result drop(Layout layout, Optional<DigestSum> rows) {
    return new PartitionDrop(context, partitions, rules, layout, pacer, partition()).drop(rows);
  }

  private long count() {
    Table table = run.rules().table();
    try (Reader reader = context.database().openReader()) {
      return reader.count(table, partition(), List.of());
    }
  }

  private void settle(PartitionDrop.Result result) {
    if (!result.gone()) {
      String why = "The partition " + partition().name() + " is cleaned by rows: " + result.stays();
      context.listener().on(new RunEvent.Noted(why + "."));
      sealed.forEach(manifest -> resumer.settleOwn(manifest, totals::removed));
      return;
    }
    Closing closing = new Closing(context, writer, pacer);
    sealed.forEach(manifest -> closing.close(manifest, new Fates()));
    totals.dropped(partition());
    context.listener().on(new RunEvent.Progressed(0, result.rows()));
    context
        .listener()
        .on(
            new RunEvent.Noted(
                "Dropped the partition %s with its %s rows."
                    .formatted(partition().name(), result.rows())));
  }
}

package io.tideline.core.run;

import io.tideline.core.rule.ArchiveTables;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Removal;
import io.tideline.dialect.Writer;
import io.tideline.policy.Action;
import io.tideline.policy.Policy;
import io.tideline.run.RunEvent;
import java.util.Optional;
import java.util.function.IntSupplier;

/** Carries one policy out: chunk after chunk, each removed and closed. */
final class PolicyRun {
  private final RunContext context;
  private final Writer writer;
  private final Pacer pacer;
  private final RuleRun run;
  private final RulesNow rules;
  private final PolicyTotals totals;
  private boolean renumbered;

  PolicyRun(
      RunContext context,
      Writer writer,
      Pacer pacer,
      RuleRun run,
      RulesNow rules,
      PolicyTotals totals) {
    this.context = context;
    this.writer = writer;
    this.pacer = pacer;
    this.run = run;
    this.rules = rules;
    this.totals = totals;
  }

  /**
   * Removes everything the plan says, or until the run shall stop.
   *
   * @return whether it must begin again with the present catalogue: a VACUUM renumbered the rows.
   *     The manifest in doubt must be settled before
   */
  boolean go(IntSupplier numbers) {
    Policy policy = run.plan().policy();
    long left = Math.max(0, run.plan().rows() - totals.removed()); // partitions went before
    context.listener().on(new RunEvent.Began(policy.name(), left));
    Removal removal = removal(policy);
    Layout layout =
        policy.action() == Action.ARCHIVE
            ? Layout.whole(run.rules(), Optional.of(run.rule()), run.plan().order())
            : Layout.keys(run.rules(), run.rule(), run.plan().order());
    Deleter deleter =
        new Deleter(context, writer, rules, layout, removal, pacer, false, false, totals::removed);
    Pipeline.run(
        context, () -> Archiver.of(context, run, layout, numbers), chunk -> take(chunk, deleter));
    return renumbered;
  }

  private Removal removal(Policy policy) {
    return policy.action() == Action.MOVE
        ? new Removal.Move(ArchiveTables.of(policy, run.rules().table().name()), context.now())
        : new Removal.Delete();
  }

  private boolean take(Chunk chunk, Deleter deleter) {
    chunk.manifest().ifPresent(totals::sealed);
    try {
      Optional<Fates> fates =
          new WithoutCopy(context, run, totals).remove(chunk, () -> deleter.remove(chunk));
      fates.ifPresent(f -> finish(chunk, f));
      return fates.isPresent();
    } catch (CatalogueChanged e) {
      if (!e.keysVoid()) {
        throw e;
      }
      renumbered = true;
      return false;
    }
  }

  private void finish(Chunk chunk, Fates fates) {
    totals.kept(fates);
    chunk
        .manifest()
        .ifPresent(manifest -> new Closing(context, writer, pacer).close(manifest, fates));
  }
}

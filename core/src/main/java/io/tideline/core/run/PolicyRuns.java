package io.tideline.core.run;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Partition;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.closure.ArchiveTargets;
import io.tideline.core.closure.Shape;
import io.tideline.core.guard.Guards;
import io.tideline.core.guard.Refusal;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Partitions;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Kept;
import io.tideline.plan.KeySpan;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.Reason;
import io.tideline.plan.TimeEncoding;
import io.tideline.plan.WholePartition;
import io.tideline.policy.Terms;
import io.tideline.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** Carries the policies of a plan out, one after the other. */
final class PolicyRuns {
  /** Why a row stays whatever became of others. */
  private static final Set<Reason> OF_ROOTS =
      EnumSet.of(
          Reason.FRESH,
          Reason.NO_TIME,
          Reason.UNREADABLE,
          Reason.FUTURE,
          Reason.OTHER_UNIT,
          Reason.WHERE);

  private final RunContext context;
  private final Writer writer;
  private final Plan plan;
  private final RuleSource source;
  private final Resumer resumer;
  private final Pacer pacer;
  private final List<PolicyTotals> totals;
  private final Guards guards;
  private final List<Skipped> skipped = new ArrayList<>();

  /** A policy that was not carried out, or not to its end, and why. */
  private record Skipped(PolicyPlan plan, String why) {}

  /**
   * @param totals hears of every policy that is begun
   */
  PolicyRuns(
      RunContext context,
      Writer writer,
      Plan plan,
      RuleSource source,
      Resumer resumer,
      Pacer pacer,
      List<PolicyTotals> totals,
      Guards guards) {
    this.guards = guards;
    this.context = context;
    this.writer = writer;
    this.plan = plan;
    this.source = source;
    this.resumer = resumer;
    this.pacer = pacer;
    this.totals = totals;
  }

  /** Carries every policy out, those first whose rows refer to others'. */
  void go() {
    Map<String, TimeEncoding> encodings = new HashMap<>();
    plan.policies().forEach(p -> p.encoding().ifPresent(e -> encodings.put(p.policy().name(), e)));
    alignArchiveTables(present(encodings));
    Present present = present(encodings);
    AtomicInteger numbers = new AtomicInteger();
    for (PolicyPlan policy : plan.policies()) {
      if (!policy.acts()) {
        continue;
      }
      PolicyTotals total = new PolicyTotals(policy, trees(present, policy));
      totals.add(total);
      Optional<String> closed = closed(policy, present);
      if (closed.isPresent()) {
        skip(policy, total, closed.get());
        continue;
      }
      List<String> own = List.of(policy.policy().name());
      context.control().guard(() -> guards.judgeAgain(own));
      Optional<KeySpan> span = policy.span().filter(keys -> !mayBeMore(policy));
      while (mayGo(policy)
          && !context.control().stopping()
          && carryOut(policy, present, total, span, numbers::incrementAndGet)) {
        resumer.resume(); // what was sealed and not deleted would be archived a second time
        present = present(encodings);
        span = Optional.empty();
      }
      if (context.control().forbidden().isPresent()) {
        forbidden(policy, total);
      }
    }
  }

  /** Others go on, unless something is in doubt: they might take the same rows a second time. */
  private void forbidden(PolicyPlan policy, PolicyTotals total) {
    skip(policy, total, context.control().forbidden().orElseThrow().what());
    if (context.archive().manifests().stream().allMatch(ManifestEntry::closed)) {
      context.control().allow();
    }
  }

  private void skip(PolicyPlan policy, PolicyTotals total, String why) {
    total.skip(why);
    if (mayGo(policy)) {
      skipped.add(new Skipped(policy, why));
    }
  }

  /** Why a policy may not work now; where it may, it does so on its own terms. */
  private Optional<String> closed(PolicyPlan policy, Present present) {
    Optional<String> awaited =
        skipped.stream()
            .filter(each -> takesMoreSafely(each.plan(), policy, present))
            .map(
                each ->
                    each.why()
                        + "; with policy '"
                        + each.plan().policy().name()
                        + "' its rows go more safely")
            .findFirst();
    if (awaited.isPresent()) {
      return awaited;
    }
    Terms terms = source.termsOf(policy.policy().name());
    if (!context.control().begin(terms.window())) {
      Instant now = Instant.now(context.clock());
      return Optional.of(Windows.closed(terms.window().orElseThrow(), now));
    }
    Optional<Refusal> refused = mayGo(policy) ? guards.judge(policy) : Optional.empty();
    pacer.use(terms);
    return refused.map(Refusal::what);
  }

  /** Whether the trees of a policy take rows that would go without a copy if another went alone. */
  private boolean takesMoreSafely(PolicyPlan first, PolicyPlan other, Present present) {
    TableRules rules = rules(present, first);
    return source
        .shapes(present.catalogue(), present.tables())
        .of(rules, rule(rules, first), false)
        .takesMoreSafely(other.table(), other.policy().action())
        .isPresent();
  }

  private boolean trees(Present present, PolicyPlan policy) {
    TableRules rules = rules(present, policy);
    return source.shapes(present.catalogue(), present.tables()).trees(rules, rule(rules, policy));
  }

  /** Before the catalogue is read for the run: a table made later would change its version. */
  private void alignArchiveTables(Present present) {
    Set<String> wanted =
        plan.policies().stream()
            .filter(each -> each.acts() && mayGo(each))
            .map(each -> each.policy().name())
            .collect(Collectors.toSet());
    ArchiveTargets.of(
            present.tables(),
            source.shapes(present.catalogue(), present.tables()),
            rule -> wanted.contains(rule.policy().name()))
        .forEach(
            (target, table) ->
                writer
                    .alignArchiveTable(table, target)
                    .forEach(done -> context.listener().on(new RunEvent.Noted(done))));
  }

  private static TableRules rules(Present present, PolicyPlan policy) {
    return present.tables().stream()
        .filter(t -> t.table().name().equals(policy.table()))
        .findFirst()
        .orElseThrow();
  }

  private static Rule rule(TableRules rules, PolicyPlan policy) {
    return rules.rules().stream()
        .filter(r -> r.policy().name().equals(policy.policy().name()))
        .findFirst()
        .orElseThrow();
  }

  /** The rules under the catalogue and the holds as they are now. */
  private record Present(Catalogue catalogue, String holds, List<TableRules> tables) {}

  private Present present(Map<String, TimeEncoding> encodings) {
    Catalogue catalogue = context.database().catalogue();
    String holds = source.holdsDigest();
    return new Present(catalogue, holds, source.rules(catalogue, plan.selection(), encodings));
  }

  private static boolean mayGo(PolicyPlan policy) {
    return policy.rows() > 0 || mayBeMore(policy);
  }

  /**
   * Rows that others refer to may go once those went in this run, and trees that shared rows with
   * others or were too large.
   */
  private static boolean mayBeMore(PolicyPlan policy) {
    boolean trees = !policy.policy().dependents().isEmpty();
    return policy.kept().stream()
        .map(Kept::reason)
        .anyMatch(reason -> reason == Reason.REFERRED_TO || trees && !OF_ROOTS.contains(reason));
  }

  /** Whether the policy must begin again. */
  private boolean carryOut(
      PolicyPlan policy,
      Present present,
      PolicyTotals total,
      Optional<KeySpan> span,
      IntSupplier numbers) {
    TableRules rules = rules(present, policy);
    requireSame(policy, rules);
    Rule rule = rule(rules, policy);
    RuleRun run = new RuleRun(policy, rules, rule, present.catalogue().version(), span);
    if (trees(present, policy)) {
      return treeRun(run, present, total).go(numbers);
    }
    wholePartitions(run, present, total, numbers);
    return !context.control().stopping() && policyRun(run, present, total).go(numbers);
  }

  /** Takes the partitions away that the plan found to go whole, if they still may. */
  private void wholePartitions(
      RuleRun run, Present present, PolicyTotals total, IntSupplier numbers) {
    Optional<Partitions> partitions = writer.partitions();
    if (run.plan().partitions().isEmpty() || partitions.isEmpty()) {
      return;
    }
    List<Partition> allowed =
        source.oldPartitions(present.catalogue(), present.tables(), run).partitions();
    for (WholePartition each : run.plan().partitions()) {
      if (allowed.contains(each.partition()) && mayTake(each)) {
        new PartitionRun(
                context,
                writer,
                partitions.get(),
                pacer,
                run,
                rulesNow(run, present),
                total,
                resumer,
                each)
            .go(numbers);
      }
    }
  }

  /** One that is larger than what the run may take goes by rows as far as it may. */
  private boolean mayTake(WholePartition partition) {
    return !context.control().stopping() && context.control().left() >= partition.rows();
  }

  private void requireSame(PolicyPlan policy, TableRules rules) {
    if (!rules.table().fingerprint().equals(policy.fingerprint())) {
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot run policy '"
              + policy.policy().name()
              + "': table "
              + policy.table()
              + " changed since the plan was made.",
          "Nothing of it was deleted.",
          "Make a new plan and look at it.");
    }
  }

  private RulesNow rulesNow(RuleRun run, Present present) {
    return new RulesNow(
        run.rules(),
        Optional.of(run.rule()),
        present.catalogue().version(),
        present.holds(),
        source::holdsDigest,
        () -> source.withPresentHolds(present.catalogue(), run.rules()),
        Reason.POLICY_OFF);
  }

  private PolicyRun policyRun(RuleRun run, Present present, PolicyTotals total) {
    return new PolicyRun(context, writer, pacer, run, rulesNow(run, present), total);
  }

  private TreeRun treeRun(RuleRun run, Present present, PolicyTotals total) {
    Catalogue catalogue = present.catalogue();
    Shape whole = source.shapes(catalogue, present.tables()).of(run.rules(), run.rule(), true);
    Shape keys = source.shapes(catalogue, present.tables()).of(run.rules(), run.rule(), false);
    ShapeNow now =
        new ShapeNow(
            whole,
            catalogue.version(),
            present.holds(),
            source::holdsDigest,
            () -> source.withPresentHolds(catalogue, present.tables(), run));
    return new TreeRun(context, writer, pacer, run, keys, now, total);
  }
}

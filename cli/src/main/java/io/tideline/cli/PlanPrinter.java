package io.tideline.cli;

import io.tideline.cli.output.Style;
import io.tideline.cli.output.Table;
import io.tideline.cli.output.Words;
import io.tideline.plan.DependentRows;
import io.tideline.plan.Finding;
import io.tideline.plan.Kept;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.plan.Reason;
import io.tideline.plan.UnindexedKey;
import io.tideline.plan.WholePartition;
import io.tideline.policy.KeepLatest;
import io.tideline.policy.Policy;
import io.tideline.policy.Retain;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Prints a plan like a bill. */
final class PlanPrinter {
  /** More are counted, not named. */
  private static final int PARTITIONS = 5;

  private final PrintStream out;
  private final Style style;

  PlanPrinter(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  /** Everything: one part per policy, then the totals. */
  void whole(Plan plan) {
    head(plan);
    for (PolicyPlan policy : plan.policies()) {
      out.println();
      policy(plan, policy);
    }
    out.println();
    summary(plan);
  }

  private void head(Plan plan) {
    out.println("Plan for " + plan.database().place() + " (" + plan.database().product() + ")");
    out.println("Now is " + Words.time(plan.now()) + "; nothing is changed by a plan.");
    InDoubt.print(out, style, plan.inDoubt());
  }

  /** One line per policy and the totals. */
  void summary(Plan plan) {
    boolean trees = plan.withThem() > 0;
    Table table =
        new Table(out, style, "")
            .text("POLICY")
            .text("TABLE")
            .text("ACTION")
            .text("CUTOFF")
            .number("ROWS THAT GO");
    if (trees) {
      table.number("WITH THEM");
    }
    table.number("BYTES").number("ROWS THAT STAY");
    for (PolicyPlan p : plan.policies()) {
      List<String> cells = new ArrayList<>();
      cells.addAll(
          List.of(p.policy().name(), p.table().toString(), action(p), Words.time(p.cutoff())));
      amounts(cells, trees, p.rows(), p.withThem(), p.bytes(), p.total());
      table.row(cells);
    }
    if (plan.policies().size() > 1) {
      long total = plan.policies().stream().mapToLong(PolicyPlan::total).sum();
      List<String> cells = new ArrayList<>(List.of("Total", "", "", ""));
      amounts(cells, trees, plan.rows(), plan.withThem(), plan.bytes(), total);
      table.row(cells);
    }
    table.end();
    if (plan.policies().isEmpty()) {
      out.println("The configuration has no policies.");
    }
  }

  /** Prints what is at risk: rows that would go less safely than with their roots. */
  void risks(Plan plan) {
    for (PolicyPlan policy : plan.policies()) {
      policy.findings().stream()
          .filter(each -> each.code().equals("goes-before-root"))
          .forEach(
              each -> {
                out.println(style.warn("Policy " + policy.policy().name()) + ":");
                finding(each);
              });
    }
  }

  private static void amounts(
      List<String> cells, boolean trees, long rows, long withThem, long bytes, long total) {
    cells.add(Words.count(rows));
    if (trees) {
      cells.add(Words.count(withThem));
    }
    cells.add(Words.bytes(bytes));
    cells.add(Words.count(total - rows));
  }

  private void policy(Plan plan, PolicyPlan p) {
    out.println(style.bold(p.policy().name()) + "  " + style.dim("table " + p.table()));
    Table table = new Table(out, style, "  ").text("").text("");
    if (!p.acts()) {
      table.row("off", off(p));
    } else {
      goes(plan, p, table);
    }
    if (!p.accessPath().isEmpty() || !p.explain().isEmpty()) {
      table.row("read by", access(p));
    }
    if (p.acts() && p.rows() > 0) {
      table.row("triggers", p.triggers().isEmpty() ? "none" : String.join(", ", p.triggers()));
      table.row("takes about", Words.duration(p.estimate()));
    }
    table.end();
    kept(p);
    p.findings().forEach(this::finding);
  }

  private static String action(PolicyPlan p) {
    if (p.acts()) {
      return p.policy().action().word();
    }
    return p.policy().retain().isPresent() ? "(not chosen)" : "(off)";
  }

  private static String off(PolicyPlan p) {
    return p.policy().retain().isPresent()
        ? "not chosen; its rows stay"
        : "'retain: off', nothing goes; " + Words.count(p.total(), "row") + " in the table";
  }

  private static void goes(Plan plan, PolicyPlan p, Table table) {
    Policy policy = p.policy();
    p.cutoff()
        .ifPresent(
            cutoff ->
                table.row(
                    "cutoff",
                    Words.time(cutoff)
                        + policy
                            .retain()
                            .map(r -> ", rows older than " + Retain.display(r) + " go")
                            .orElse("")));
    p.encoding().ifPresent(e -> table.row("times", Words.encoding(e)));
    table.row(
        "goes",
        Words.count(p.rows(), "row")
            + " of "
            + Words.count(p.total())
            + ", "
            + Words.bytes(p.bytes())
            + what(policy));
    if (!p.partitions().isEmpty()) {
      table.row("whole", whole(p.partitions()));
    }
    dependents(p).ifPresent(text -> table.row("with them", text));
    if (p.oldest().isPresent() && p.newest().isPresent()) {
      table.row(
          "ages",
          Words.time(p.oldest())
              + " to "
              + Words.time(p.newest())
              + " ("
              + Words.age(p.oldest().get(), plan.now())
              + " to "
              + Words.age(p.newest().get(), plan.now())
              + " old)");
    }
  }

  private static String whole(List<WholePartition> partitions) {
    long rows = partitions.stream().mapToLong(WholePartition::rows).sum();
    List<String> names =
        partitions.stream().map(each -> each.partition().name().toString()).toList();
    String text = String.join(", ", names.subList(0, Math.min(names.size(), PARTITIONS)));
    int more = names.size() - PARTITIONS;
    return Words.count(names.size(), "partition")
        + " with "
        + Words.count(rows, "row")
        + (names.size() == 1 ? " is" : " are")
        + " dropped: "
        + text
        + (more > 0 ? " and " + Words.count(more) + " more" : "");
  }

  private static Optional<String> dependents(PolicyPlan p) {
    List<String> parts = new ArrayList<>();
    for (DependentRows each : p.dependents()) {
      if (each.rows() > 0) {
        parts.add(Words.count(each.rows()) + " of " + each.table());
      }
      if (each.detached() > 0) {
        parts.add(Words.count(each.detached()) + " of " + each.table() + " lose their reference");
      }
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }

  private static String what(Policy policy) {
    return switch (policy.action()) {
      case ARCHIVE -> ": archived as " + policy.format() + ", verified, then deleted";
      case MOVE -> ": moved to " + policy.archiveTable().orElse(policy.table() + "_archive");
      case DELETE -> ": deleted for good, without an archive";
    };
  }

  private static String access(PolicyPlan p) {
    String path = p.accessPath().isEmpty() ? "scan of the whole table" : p.accessPath();
    return p.explain().isEmpty() ? path : path + " (" + p.explain() + ")";
  }

  private void kept(PolicyPlan p) {
    if (p.kept().isEmpty()) {
      return;
    }
    out.println("  stays " + Words.count(p.total() - p.rows(), "row") + ":");
    Table table = new Table(out, style, "    ").number("").text("").text("");
    for (Kept kept : p.kept()) {
      if (kept.rows() > 0) {
        table.row(Words.count(kept.rows()), kept.reason().word(), why(p, kept));
      }
    }
    table.end();
  }

  private static String why(PolicyPlan p, Kept kept) {
    String why = Reasons.text(kept, p.policy());
    return kept.examples().isEmpty() || kept.reason() == Reason.FRESH
        ? why
        : why + "; for example key " + String.join("; ", kept.examples());
  }

  private void finding(Finding finding) {
    out.println("  " + style.warn("finding " + finding.code()) + ": " + finding.what());
    if (!finding.mend().isEmpty()) {
      out.println("    mend: " + finding.mend());
    }
  }

  /** The indexes that a run makes first, if it may. */
  void indexes(Plan plan) {
    List<String> statements =
        plan.unindexed().stream()
            .map(UnindexedKey::statement)
            .filter(each -> !each.isEmpty())
            .toList();
    if (!statements.isEmpty()) {
      out.println("Indexes that are made first:");
      statements.forEach(each -> out.println("  " + each));
    }
  }

  /** The time that the policies should take, in all. */
  static Duration estimate(Plan plan) {
    return plan.policies().stream().map(PolicyPlan::estimate).reduce(Duration.ZERO, Duration::plus);
  }

  static String groups(KeepLatest keep) {
    return keep.per().stream().map(KeepLatest.Part::text).collect(Collectors.joining(", "));
  }
}

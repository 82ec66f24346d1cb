package io.tideline.core.run;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.ShapeFinder;
import io.tideline.core.rule.HoldLoader;
import io.tideline.core.rule.HoldRules;
import io.tideline.core.rule.PartitionChoice;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.RuleBook;
import io.tideline.core.rule.TableRules;
import io.tideline.dialect.Database;
import io.tideline.dialect.OldPartitions;
import io.tideline.dialect.Reader;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.Policy;
import io.tideline.policy.Selection;
import io.tideline.policy.Settings;
import io.tideline.policy.Terms;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes rules from the settings and the present catalogue, each time on a connection of its own.
 */
final class RuleSource {
  private final Database database;
  private final Settings settings;
  private final ArchiveFolder archive;
  private final Formats formats;
  private final Instant now;
  private final Instant today;
  private final HoldBook holds;

  /**
   * @param now the instant that cutoffs count from
   * @param today the instant at which holds must be in force
   */
  RuleSource(
      Database database,
      Settings settings,
      ArchiveFolder archive,
      Formats formats,
      Instant now,
      Instant today) {
    this.database = database;
    this.settings = settings;
    this.archive = archive;
    this.formats = formats;
    this.now = now;
    this.today = today;
    this.holds = new HoldBook(archive.root(), archive.storage());
  }

  /** On which terms a policy is carried out. */
  Terms termsOf(String policy) {
    return settings.termsOf(policy);
  }

  /** A digest that changes with every hold. */
  String holdsDigest() {
    return holds.digest();
  }

  /** The rules of every table that a policy names. */
  List<TableRules> rules(
      Catalogue catalogue, Selection selection, Map<String, TimeEncoding> known) {
    try (Reader reader = database.openReader()) {
      return new RuleBook(database, catalogue, reader, settings, loader(catalogue, reader))
          .rules(selection, now, known);
    }
  }

  /**
   * The rule by which rows that an earlier run archived are judged now: the policy of that name, as
   * the selection or else the file has it, if it acts on the table.
   */
  Optional<Acting> present(Catalogue catalogue, Table table, String policy, Selection selection) {
    boolean known = settings.policies().stream().map(Policy::name).anyMatch(policy::equals);
    if (!known) {
      return Optional.empty();
    }
    boolean chosen = selection.policies().contains(policy) && selection.key().isEmpty();
    Selection asked =
        new Selection(
            List.of(policy),
            List.of(),
            chosen ? selection.retain() : Optional.empty(),
            Optional.empty());
    Optional<Instant> flag =
        selection.retain().map(retain -> now.minus(retain).truncatedTo(ChronoUnit.SECONDS));
    return rules(catalogue, asked, Map.of()).stream()
        .filter(rules -> rules.table().name().equals(table.name()))
        .flatMap(rules -> rules.rules().stream().map(rule -> new Acting(rules, rule)))
        .filter(each -> each.rule().policy().name().equals(policy))
        .filter(each -> each.rule().acts() && each.rule().byAge())
        .map(each -> flag.map(each::earlier).orElse(each))
        .findFirst();
  }

  /**
   * A rule that acts, with all rules on its table.
   *
   * @param rules all rules on the table
   * @param rule the rule
   */
  record Acting(TableRules rules, Rule rule) {
    /** The same rule, acting on rows older than both its own cutoff and another. */
    Acting earlier(Instant cutoff) {
      Instant own = rule.cutoff().orElseThrow();
      return new Acting(
          rules,
          new Rule(
              rule.policy(),
              true,
              rule.time(),
              Optional.of(own.isBefore(cutoff) ? own : cutoff),
              rule.now(),
              Optional.empty()));
    }
  }

  /** Rules on a table that no policy may act on: only its holds and its shape. */
  TableRules bare(Table table) {
    return new TableRules(table, List.of(), new HoldRules());
  }

  /** The same rules under the holds in force now. */
  TableRules withPresentHolds(Catalogue catalogue, TableRules rules) {
    try (Reader reader = database.openReader()) {
      return rules.withHolds(loader(catalogue, reader).of(rules.table()));
    }
  }

  /** The shape of a policy's trees under the holds in force now. */
  Shape withPresentHolds(Catalogue catalogue, List<TableRules> tables, RuleRun run) {
    List<TableRules> present =
        tables.stream().map(each -> withPresentHolds(catalogue, each)).toList();
    TableRules root =
        present.stream()
            .filter(each -> each.table().name().equals(run.rules().table().name()))
            .findFirst()
            .orElseThrow();
    return shapes(catalogue, present).of(root, run.rule(), true);
  }

  /** Whether a rule removes whole trees. */
  boolean trees(Catalogue catalogue, Acting acting) {
    return shapes(catalogue, List.of()).trees(acting.rules(), acting.rule());
  }

  /** The partitions that a rule may take whole, before their rows are looked at. */
  OldPartitions oldPartitions(Catalogue catalogue, List<TableRules> tables, RuleRun run) {
    boolean trees = shapes(catalogue, tables).trees(run.rules(), run.rule());
    return PartitionChoice.of(database, tables, run.rules(), run.rule(), trees);
  }

  /** Whether a rule could take a partition whole that is detached now. */
  boolean takesPartitions(Catalogue catalogue, Acting acting) {
    return PartitionChoice.allows(
        database, acting.rules(), acting.rule(), trees(catalogue, acting));
  }

  /** What finds the shapes of trees. */
  ShapeFinder shapes(Catalogue catalogue, List<TableRules> tables) {
    return new ShapeFinder(database, catalogue, tables, settings.references());
  }

  private HoldLoader loader(Catalogue catalogue, Reader reader) {
    return new HoldLoader(database, catalogue, reader, archive, formats, today);
  }
}

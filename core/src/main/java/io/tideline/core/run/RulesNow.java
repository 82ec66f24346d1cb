package io.tideline.core.run;

import io.tideline.catalogue.Table;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.HumanKey;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.time.TimeCodec;
import io.tideline.dialect.Transaction;
import io.tideline.plan.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rules on a table as they stand at each transaction: the holds are read again when the file of
 * holds changes, the catalogue is compared.
 */
final class RulesNow {
  private final Optional<Rule> rule;
  private final Supplier<String> holdsDigest;
  private final Supplier<TableRules> withNewHolds;
  private final Reason without;
  private TableRules rules;
  private String holds;
  private String sameAs;
  private List<Guard> guards;

  /**
   * @param rule the rule that removes; empty if no policy does any more and rows only may be closed
   * @param holdsDigest tells when holds change
   * @param withNewHolds the rules under the present holds
   * @param without why live rows stay if no rule removes them
   */
  RulesNow(
      TableRules rules,
      Optional<Rule> rule,
      String catalogueVersion,
      String holds,
      Supplier<String> holdsDigest,
      Supplier<TableRules> withNewHolds,
      Reason without) {
    this.rules = rules;
    this.rule = rule;
    this.sameAs = catalogueVersion;
    this.holds = holds;
    this.holdsDigest = holdsDigest;
    this.withNewHolds = withNewHolds;
    this.without = without;
    this.guards = rule.map(rules::guards).orElse(List.of());
  }

  Table table() {
    return rules.table();
  }

  /** The table under a declared key, where its own is hidden and there is one. */
  Optional<Table> alias() {
    return HumanKey.alias(table());
  }

  TableRules rules() {
    return rules;
  }

  Optional<Rule> rule() {
    return rule;
  }

  /** What the engine judges of each row that goes. */
  List<Guard> guards() {
    return guards;
  }

  /** A reader of the rows' times. */
  TimeCodec codec() {
    return rule.flatMap(Rule::time).map(PolicyTime::codec).orElseGet(PolicyTime::noCodec);
  }

  /** Why live rows stay that are as they were archived, where no rule removes them any more. */
  Reason without() {
    return without;
  }

  /** Whether the holds are others than the rules know. */
  boolean holdsChanged() {
    return !holdsDigest.get().equals(holds);
  }

  /**
   * Reads the holds again if their file changed; no transaction may be open, for it can take long.
   */
  void refresh() {
    String now = holdsDigest.get();
    if (!now.equals(holds)) {
      rules = withNewHolds.get();
      guards = rule.map(rules::guards).orElse(List.of());
      holds = now;
    }
  }

  /**
   * Whether rows must be looked at one by one: for what the engine cannot judge in one statement.
   */
  boolean judgesEachRow() {
    return rule.isEmpty()
        || rules.holds().judgesRows()
        || !rules.keepingLatest().isEmpty()
        || !rules.table().referrers().isEmpty();
  }

  /**
   * Compares the catalogue inside a transaction with the one that rows were read under.
   *
   * @param readUnder the catalogue's version when the rows' keys were read
   * @return false if only the hidden keys of the rows lost their meaning
   * @throws CatalogueChanged if the table changed
   */
  boolean sameCatalogue(Transaction transaction, String readUnder) {
    String version = transaction.catalogueVersion();
    if (version.isEmpty() || !version.equals(sameAs)) {
      if (!transaction.fingerprint(table().name()).equals(table().fingerprint())) {
        throw new CatalogueChanged(false);
      }
      sameAs = version;
    }
    return version.equals(readUnder) || !table().key().orElseThrow().hidden();
  }
}

package io.tideline.core.payload;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.rule.EncodingFinder;
import io.tideline.core.rule.HoldLoader;
import io.tideline.core.rule.HoldRules;
import io.tideline.core.rule.PolicyTime;
import io.tideline.core.rule.Rule;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Payloads;
import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.policy.TimeColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads from the settings when a root's references hold nothing any more. */
final class RootRules {
  private final Database database;
  private final Catalogue catalogue;
  private final Reader reader;
  private final Settings settings;

  RootRules(Database database, Catalogue catalogue, Reader reader, Settings settings) {
    this.database = database;
    this.catalogue = catalogue;
    this.reader = reader;
    this.settings = settings;
  }

  /**
   * The judge of roots: older than the retention by the time of the first policy on the table that
   * has one, no {@code where} of it untrue, no {@code keep_if} or hold for it.
   */
  RootJudge judge(Payloads payloads, HoldLoader loader, Instant now) {
    Table root = root(payloads);
    List<Policy> policies =
        settings.policies().stream()
            .filter(
                policy -> database.resolve(catalogue, policy.table()).name().equals(root.name()))
            .toList();
    Policy timed =
        policies.stream()
            .filter(policy -> policy.time().isPresent())
            .findFirst()
            .orElseThrow(() -> noTime(root));
    Instant cutoff = now.minus(payloads.retain().orElseThrow()).truncatedTo(ChronoUnit.SECONDS);
    PolicyTime time = time(root, timed.time().orElseThrow());
    Rule rule = rule(timed, time, cutoff, now);
    List<Condition> conditions = new ArrayList<>();
    rule.where().ifPresent(conditions::add);
    for (Policy policy : policies) {
      rule(policy, time, cutoff, now).keepIf().ifPresent(conditions::add);
    }
    payloads
        .keepIf()
        .map(sql -> Policy.of("payloads", payloads.root().orElseThrow()).keepIf(sql.sql()).build())
        .flatMap(policy -> rule(policy, time, cutoff, now).keepIf())
        .ifPresent(conditions::add);
    conditions.forEach(condition -> reader.check(root, new Item.Holds(condition)));
    HoldRules holds = loader.of(root);
    conditions.addAll(holds.conditions());
    return new RootJudge(root, rule, conditions, holds);
  }

  /** The root table. */
  Table root(Payloads payloads) {
    Table root = database.resolve(catalogue, payloads.root().orElseThrow());
    if (root.key().isEmpty()) {
      throw new TidelineException(
          ErrorCode.TABLE_UNSUITABLE,
          "Cannot use table " + root.name() + " as root of payloads: it has no key.",
          "Nothing was changed.",
          "Declare the columns of a unique key NOT NULL, or leave 'root' and 'retain' out.");
    }
    return root;
  }

  private static Rule rule(Policy policy, PolicyTime time, Instant cutoff, Instant now) {
    return new Rule(policy, true, Optional.of(time), Optional.of(cutoff), now, Optional.empty());
  }

  private PolicyTime time(Table root, TimeColumn column) {
    TimeColumn spelt =
        new TimeColumn(
            column.column().map(name -> database.resolveColumn(root, name)),
            column.sql(),
            column.format(),
            column.zone());
    Item item =
        spelt
            .column()
            .<Item>map(Item.OfColumn::new)
            .orElseGet(() -> new Item.OfSql(spelt.sql().orElseThrow()));
    reader.check(root, item);
    return new PolicyTime(
        spelt, EncodingFinder.find(reader, root, spelt, EncodingFinder.type(root, spelt)));
  }

  private static TidelineException noTime(Table root) {
    return new TidelineException(
        ErrorCode.POLICY_INVALID,
        "Cannot tell when a row of " + root.name() + " ended: no policy on it has a 'time'.",
        "Nothing was changed.",
        "Add a policy for the table with 'time: column'; it may be 'retain: off'.");
  }
}

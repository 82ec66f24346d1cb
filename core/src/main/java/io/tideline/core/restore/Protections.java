package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.HoldRules;
import io.tideline.dialect.Condition;
import io.tideline.plan.Reason;
import java.util.ArrayList;
import java.util.List;

/**
 * What protects live rows of a table from being replaced.
 *
 * @param guards what the engine can judge
 * @param holds holds by key
 */
record Protections(List<Guard> guards, HoldRules holds) {
  static final String HELD = "another row is there, and a hold protects it";

  /** Copies the list. */
  Protections {
    guards = List.copyOf(guards);
  }

  /**
   * Only that other rows refer to them: an action of the foreign key would delete or change those.
   */
  static Protections ofReferrers(Table table) {
    return new Protections(
        table.referrers().stream()
            .map(
                key -> new Guard(new Condition.NotReferred(key), Reason.REFERRED_TO, key.display()))
            .toList(),
        new HoldRules());
  }

  /** These, and what else protects the rows. */
  Protections and(List<Guard> others, HoldRules held) {
    List<Guard> all = new ArrayList<>(others);
    held.conditions().forEach(condition -> all.add(new Guard(condition, Reason.HOLD, "")));
    all.addAll(guards);
    return new Protections(all, held);
  }

  /** The conditions of the guards. */
  List<Condition> conditions() {
    return guards.stream().map(Guard::condition).toList();
  }

  /** Why a row stays that does not meet a guard. */
  static String why(Guard guard) {
    return switch (guard.reason()) {
      case KEEP_IF -> "another row is there, kept by keep_if of policy " + guard.detail();
      case HOLD -> HELD;
      default -> "another row is there, and rows of " + guard.detail() + " refer to it";
    };
  }
}

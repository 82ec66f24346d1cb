package io.tideline.core.run;

import io.tideline.catalogue.TableName;
import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Doomed;
import io.tideline.dialect.ReferringRows;
import io.tideline.dialect.Removal;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.policy.Action;
import io.tideline.row.PackedRows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Removes rows of trees inside one transaction, those that refer to others first, and proves before
 * the commit that they are gone and nothing else is.
 */
final class TreeRemoval {
  private final Transaction transaction;
  private final Shape shape;
  private final Instant now;
  private final Copies copies;
  private final Map<TableName, Long> ours = new HashMap<>();
  private final List<Doomed> all = new ArrayList<>();

  /** Takes the copy of a row that is removed before it was looked for. */
  interface Copies {
    /** Whether there is one. */
    boolean take(Member member, long high, long low);
  }

  /**
   * @param now when rows that are moved say they were
   */
  TreeRemoval(Transaction transaction, Shape shape, Instant now, Copies copies) {
    this.copies = copies;
    this.transaction = transaction;
    this.shape = shape;
    this.now = now;
  }

  /** Removes the rows of the trees that go. */
  void remove(Forest forest) {
    if (shape.groups().stream().anyMatch(shape::cyclic)) {
      transaction.deferConstraints();
    }
    detach(forest);
    for (List<Integer> group : shape.groups()) {
      Member first = shape.members().get(group.get(0));
      Optional<Edge> leaf = forest.leavesApart() ? shape.leaf(first) : Optional.empty();
      if (leaf.isPresent()) {
        removeLeaves(first, leaf.get(), forest);
      } else {
        remove(group, member -> forest.keys(member, tree -> forest.stay(tree).isEmpty()));
      }
    }
  }

  /** Removes what refers to rows of the trees, each as it was archived. */
  private void removeLeaves(Member member, Edge leaf, Forest forest) {
    PackedRows referred = forest.referred(leaf, tree -> forest.stay(tree).isEmpty());
    boolean[] known = {true};
    RowDigest digest = new RowDigest();
    long removed =
        transaction.removeReferring(
            new ReferringRows(leaf.key(), leaf.from(), referred, member.conditions()),
            member.archived() ? member.digested() : List.of(),
            row -> {
              if (member.archived()) {
                digest.update(row, 0, row.width());
                known[0] &= copies.take(member, digest.high(), digest.low());
              }
              return known[0];
            });
    if (!known[0]) {
      throw new SurpriseException("a row of " + member.table().name() + " is not as archived");
    }
    if (removed > 0) {
      ours.put(member.table().name(), removed);
    }
  }

  /** Removes rows of tables that refer to each other. */
  void remove(List<Integer> group, Function<Member, PackedRows> keysOf) {
    List<Doomed> doomed = new ArrayList<>();
    for (int number : group) {
      Member member = shape.members().get(number);
      PackedRows keys = keysOf.apply(member);
      if (keys.size() > 0) {
        doomed.add(new Doomed(shape.whole(member), keys));
        ours.put(member.table().name(), (long) keys.size());
      }
    }
    remove(group, doomed);
    all.addAll(doomed);
  }

  private void remove(List<Integer> group, List<Doomed> doomed) {
    if (doomed.isEmpty()) {
      return;
    }
    boolean moves = group.stream().anyMatch(n -> shape.members().get(n).action() == Action.MOVE);
    if (shape.cyclic(group) && (!moves || group.size() > 1 || acts(group))) {
      doomed.forEach(this::copy);
      long wanted = doomed.stream().mapToLong(each -> each.keys().size()).sum();
      expect(wanted, transaction.removeTogether(doomed), "rows that refer to each other");
      return;
    }
    for (Doomed each : doomed) {
      expect(
          each.keys().size(),
          transaction.removeKeys(
              each.table(), each.keys(), List.of(), List.of(), removal(each), row -> true),
          each.table().name().toString());
    }
  }

  /** Whether the deletion of a row can change or delete others of its group. */
  private boolean acts(List<Integer> group) {
    return shape.edges().stream()
        .filter(edge -> group.contains(edge.parent()) && group.contains(edge.child()))
        .map(edge -> edge.key().onDelete())
        .anyMatch(action -> action.startsWith("SET ") || action.equals("CASCADE"));
  }

  /** Copies rows that are moved, before the deletion of others can change them. */
  private void copy(Doomed doomed) {
    if (removal(doomed) instanceof Removal.Move move) {
      long copied = transaction.copy(doomed.table(), doomed.keys(), move);
      expect(doomed.keys().size(), copied, "copies of " + doomed.table().name());
    }
  }

  private Removal removal(Doomed doomed) {
    return shape.members().stream()
        .filter(member -> member.table().name().equals(doomed.table().name()))
        .filter(member -> member.action() == Action.MOVE)
        .<Removal>map(member -> new Removal.Move(member.archiveTable(shape.rule().policy()), now))
        .findFirst()
        .orElseGet(Removal.Delete::new);
  }

  private void detach(Forest forest) {
    Map<Edge, PackedRows> keys = new LinkedHashMap<>();
    for (Forest.Detached each : forest.detached()) {
      keys.computeIfAbsent(each.edge(), edge -> new PackedRows(each.key().width()))
          .add(each.key(), 0);
    }
    detach(keys);
  }

  /** Takes references away: the keys of the rows that lose them, by what they refer over. */
  void detach(Map<Edge, PackedRows> keys) {
    keys.forEach(
        (edge, rows) ->
            expect(
                rows.size(),
                transaction.detach(edge.from(), rows, edge.key().columns()),
                edge.key().display()));
  }

  /**
   * Proves it.
   *
   * @return the number of rows removed
   * @throws SurpriseException if more was lost, or any of them is live again
   */
  long prove() {
    transaction.checkConstraints();
    Map<TableName, Long> lost = transaction.rowsLost(); // of partitions, where tables have them
    if (sum(lost) != sum(ours)) {
      throw new SurpriseException("a trigger or cascade deleted other rows: of " + lost.keySet());
    }
    for (Doomed each : all) {
      if (each.table().firesOnDelete()) {
        long[] live = {0};
        transaction.lookUp(
            each.table(),
            each.keys(),
            List.of(),
            row -> {
              live[0]++;
              return true;
            });
        expect(0, live[0], "rows that a trigger put back into " + each.table().name());
      }
    }
    return sum(ours);
  }

  private static long sum(Map<TableName, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  private static void expect(long wanted, long found, String what) {
    if (wanted != found) {
      throw new SurpriseException(
          what + ": expected " + wanted + " rows, the database says " + found);
    }
  }
}

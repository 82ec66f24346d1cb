package io.tideline.core.run;

import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Found;
import io.tideline.core.closure.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The archived rows that one batch found live, each with the tree that it belongs to. */
final class Claimed {
  private final TreeChunk chunk;
  private final List<Row> rows = new ArrayList<>();

  private record Row(Member member, SealedTable copies, int position, int tree) {}

  Claimed(TreeChunk chunk) {
    this.chunk = chunk;
  }

  /** Hears of a claimed row. */
  interface Told {
    /** Hears of one row. */
    void row(Member member, SealedTable copies, int position);
  }

  /** Claims the copies of all rows of some trees. */
  void claim(Forest forest, IntPredicate trees) {
    for (Member member : forest.shape().members()) {
      Found found = forest.found(member);
      for (int i = 0; member.archived() && i < found.size(); i++) {
        if (trees.test(forest.tree(member, i))) {
          claim(member, found, i, forest.tree(member, i));
        }
      }
    }
  }

  /** Claims the copy of a row of a tree that goes; false if it has none. */
  boolean claim(Member member, long high, long low) {
    Optional<SealedTable> copies = chunk.copies().get(member.number());
    int at = copies.map(each -> each.claim(high, low)).orElse(-1);
    if (at >= 0) {
      rows.add(new Row(member, copies.orElseThrow(), at, -1));
    }
    return at >= 0;
  }

  /** Claims the copy of a row; false if it has none. */
  boolean claim(Member member, Found found, int row) {
    return claim(member, found, row, -1);
  }

  private boolean claim(Member member, Found found, int row, int tree) {
    Optional<SealedTable> copies = chunk.copies().get(member.number());
    int at = copies.map(each -> each.claim(found.high(row), found.low(row))).orElse(-1);
    if (at >= 0) {
      rows.add(new Row(member, copies.orElseThrow(), at, tree));
    }
    return at >= 0;
  }

  /** Gives every row back. */
  void release() {
    rows.forEach(row -> row.copies().release(row.position()));
    rows.clear();
  }

  /** Tells every row. */
  void tell(Told told) {
    rows.forEach(row -> told.row(row.member(), row.copies(), row.position()));
  }

  /** Writes down the rows of trees that stay. */
  void tellStaying(Forest forest, TreeFates fates) {
    rows.stream()
        .filter(row -> row.tree() >= 0)
        .forEach(
            row ->
                forest
                    .stay(row.tree())
                    .ifPresent(why -> fates.kept(row.member(), row.copies(), row.position(), why)));
  }
}

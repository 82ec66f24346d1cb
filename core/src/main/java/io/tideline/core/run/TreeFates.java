package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.closure.Forest;
import io.tideline.core.closure.Member;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.plan.Tally;
import io.tideline.core.rule.HumanKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What became of the trees of a chunk, and of each archived row of each table. */
final class TreeFates {
  private final Shape shape;
  private final List<Fates> tables = new ArrayList<>();
  private final Tally trees = new Tally();

  TreeFates(Shape shape) {
    this.shape = shape;
    shape.members().forEach(member -> tables.add(new Fates()));
  }

  /** The archived rows of a table. */
  Fates of(Member member) {
    return tables.get(member.number());
  }

  /** An archived row stays live. */
  void kept(Member member, SealedTable copies, int position, Stay why) {
    String key =
        HumanKey.text(member.table(), member.key().columns(), copies.rows().place(position));
    of(member).kept(position, why.reason(), why.detail(), key);
  }

  /** A tree stays. */
  void kept(Stay why, Supplier<String> root) {
    trees.stays(why, root);
  }

  /** Those trees of a forest stay that do not go. */
  void keptRoots(Forest forest) {
    for (int root = 0; root < forest.roots().size(); root++) {
      int at = root;
      forest.toldOf(root).ifPresent(why -> kept(why, () -> forest.rootKey(at)));
    }
  }

  /** The trees that stay, counted by their roots. */
  Tally kept() {
    return trees;
  }

  /** In the order of a manifest's segments. */
  List<Fates> inOrderOf(Manifest manifest) {
    List<Fates> ordered = new ArrayList<>();
    for (Manifest.Segment segment : manifest.segments()) {
      for (Member member : shape.members()) {
        if (member.table().name().equals(segment.table())) {
          ordered.add(of(member));
        }
      }
    }
    return ordered;
  }
}

package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.row.PackedRows;
import java.util.List;
import java.util.Optional;

/**
 * Whole trees that may be removed now, those that refer to others first.
 *
 * @param manifest the manifest that makes their archived rows safe; empty if none is archived
 * @param trees the keys of the roots of each tree, and about how many rows it has
 * @param copies the archived rows of each table of the shape; empty for tables that no segment
 *     holds
 * @param detached the archived references of each edge of the shape; empty for edges without any
 * @param catalogueVersion the catalogue's version when they were read
 * @param stepwise whether it is one tree that goes in several transactions; its copies are read
 *     from disk when its turn comes
 */
record TreeChunk(
    Optional<Manifest> manifest,
    List<Tree> trees,
    List<Optional<SealedTable>> copies,
    List<Optional<SealedTable>> detached,
    String catalogueVersion,
    boolean stepwise) {
  /** The same trees with their archived rows and references. */
  TreeChunk with(List<Optional<SealedTable>> rows, List<Optional<SealedTable>> references) {
    return new TreeChunk(manifest, trees, rows, references, catalogueVersion, stepwise);
  }

  /**
   * What is left of a tree some of whose rows, and perhaps roots, went: their copies are claimed.
   */
  TreeChunk rest() {
    return new TreeChunk(
        manifest,
        List.of(new Tree(rootsLeft(), trees.get(0).rows())),
        copies,
        detached,
        catalogueVersion,
        stepwise);
  }

  /** The roots of a tree whose copies are not claimed. */
  PackedRows rootsLeft() {
    SealedTable roots = copies.get(0).orElseThrow();
    PackedRows left = new PackedRows(trees.get(0).roots().width());
    roots.unclaimed(position -> left.add(roots.rows().place(position), 0));
    return left;
  }

  /**
   * One tree.
   *
   * @param roots the keys of its roots
   * @param rows about how many rows it has
   */
  record Tree(PackedRows roots, int rows) {}
}

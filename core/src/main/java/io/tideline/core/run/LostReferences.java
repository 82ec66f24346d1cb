package io.tideline.core.run;

import io.tideline.core.closure.Edge;
import io.tideline.core.closure.Shape;
import io.tideline.core.closure.Stay;
import io.tideline.core.closure.Twigs;
import io.tideline.core.digest.RowDigest;
import io.tideline.plan.Reason;
import io.tideline.row.PackedRows;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The references that rows outside a tree lose in one transaction, each with its copy. */
final class LostReferences {
  private final Shape shape;
  private final TreeChunk chunk;
  private final Map<Edge, PackedRows> keys = new LinkedHashMap<>();
  private final Map<Edge, BitSet> positions = new LinkedHashMap<>();
  private final RowDigest digest = new RowDigest();

  LostReferences(Shape shape, TreeChunk chunk) {
    this.shape = shape;
    this.chunk = chunk;
  }

  /** Adds a reference. @return why the tree must stay; empty if the row may lose it */
  Optional<Stay> add(Twigs.Referrer referrer) {
    Edge edge = referrer.edge();
    if (referrer.held()) {
      return Optional.of(new Stay(Reason.HOLD, "a row of " + edge.from().name()));
    }
    digest.update(referrer.record(), 0, referrer.record().width());
    int at = copies(edge).map(table -> table.find(digest.high(), digest.low())).orElse(-1);
    if (at < 0) {
      return Optional.of(new Stay(Reason.CHANGED, edge.key().display()));
    }
    BitSet known = positions.computeIfAbsent(edge, each -> new BitSet());
    if (!known.get(at)) {
      known.set(at);
      keys.computeIfAbsent(edge, each -> new PackedRows(referrer.key().width()))
          .add(referrer.key(), 0);
    }
    return Optional.empty();
  }

  private Optional<SealedTable> copies(Edge edge) {
    return chunk.detached().get(shape.edges().indexOf(edge));
  }

  /** The keys of the rows, by what they refer over. */
  Map<Edge, PackedRows> keys() {
    return keys;
  }

  /** Claims the copies. */
  void claim() {
    positions.forEach(
        (edge, rows) ->
            copies(edge).ifPresent(references -> rows.stream().forEach(references::take)));
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Reader;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds which archived rows of one table are live exactly as they were archived. */
final class LiveRows {
  private final RunContext context;
  private final Identity identity;

  LiveRows(RunContext context, Identity identity) {
    this.context = context;
    this.identity = identity;
  }

  /** The ordinals of the live rows of each part. */
  Map<Part, BitSet> find(List<Part> parts) {
    Map<Part, BitSet> live = new IdentityHashMap<>();
    List<Part> others = new ArrayList<>();
    for (Part part : parts) {
      BitSet unnamed = new BitSet();
      live.put(part, new BitSet());
      try (Reader reader = context.database().openReader();
          Batches batches = new Batches(context, part, Optional.of(identity), unnamed)) {
        BitSet found = live.getOrDefault(part, new BitSet());
        Optional<Returning> rows = batches.next();
        while (rows.isPresent()) {
          lookUp(reader, rows.get(), found);
          rows = batches.next();
        }
      }
      if (!unnamed.isEmpty()) {
        others.add(part.withRows(unnamed));
      }
    }
    LiveCopies copies = new LiveCopies(context, identity.table());
    copies.search(others, true);
    for (Part other : others) {
      parts.stream()
          .filter(part -> part.sameSegment(other))
          .forEach(part -> live.getOrDefault(part, new BitSet()).or(copies.of(other)));
    }
    return live;
  }

  private void lookUp(Reader reader, Returning rows, BitSet live) {
    Table keyed = identity.keyed().orElseThrow();
    List<String> names = keyed.key().orElseThrow().columns();
    int width = names.size();
    PackedRows keys = new PackedRows(width);
    Map<ByteBuffer, Integer> positions = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      keys.add(rows.values(i, names), 0);
      positions.put(CanonicalBuffer.of(rows.values(i, names)), i);
    }
    RowDigest digest = new RowDigest();
    reader.lookUp(
        keyed,
        keys,
        rows.mapping().items(),
        row -> {
          Integer at = positions.get(CanonicalBuffer.of(row.slice(0, width)));
          digest.update(row, width, row.width());
          if (at != null && rows.sameDigest(at, digest.high(), digest.low())) {
            live.set(rows.ordinal(at));
          }
          return true;
        });
  }
}

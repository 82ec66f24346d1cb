package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Rows that a key names: the table's own, or a declared one where that is hidden. */
final class KeyedPlacement implements Placement {
  private final Table table;
  private final Insertion insertion;
  private final RowDigest digest = new RowDigest();

  KeyedPlacement(Identity identity) {
    this.table = identity.keyed().orElseThrow();
    this.insertion = new Insertion(identity.table());
  }

  @Override
  public Live[] look(Transaction transaction, Returning rows, int from, int to) {
    Live[] live = new Live[to - from];
    Arrays.fill(live, Live.ABSENT);
    read(
        transaction,
        rows,
        IntStream.range(from, to).boxed().toList(),
        (i, same) -> live[i - from] = same ? Live.IDENTICAL : Live.DIFFERENT);
    return live;
  }

  @Override
  public void insert(Transaction transaction, Returning rows, List<Integer> inserting) {
    insertion.insert(transaction, rows, inserting);
  }

  @Override
  public void prove(Transaction transaction, Returning rows, List<Integer> inserted) {
    int[] same = {0};
    read(transaction, rows, inserted, (i, identical) -> same[0] += identical ? 1 : 0);
    if (same[0] != inserted.size()) {
      throw new SurpriseException(
          (inserted.size() - same[0]) + " rows are not what was inserted: a trigger altered them");
    }
  }

  private interface Found {
    void row(int i, boolean identical);
  }

  private void read(Transaction transaction, Returning rows, List<Integer> wanted, Found found) {
    List<String> names = table.key().orElseThrow().columns();
    int width = names.size();
    PackedRows keys = new PackedRows(width);
    Map<ByteBuffer, Integer> positions = new HashMap<>();
    for (int i : wanted) {
      Row key = rows.values(i, names);
      keys.add(key, 0);
      positions.put(CanonicalBuffer.of(key), i);
    }
    transaction.lookUp(
        table,
        keys,
        rows.mapping().items(),
        row -> {
          Integer at = positions.get(CanonicalBuffer.of(row.slice(0, width)));
          if (at != null) {
            digest.update(row, width, row.width());
            found.row(at, rows.sameDigest(at, digest.high(), digest.low()));
          }
          return true;
        });
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Arrival;
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

/** Rows that a key names: the table's own, or a declared one where that is hidden. */
final class KeyedPlacement implements Placement {
  private final Table table;
  private final Table keyed;
  private final RowDigest digest = new RowDigest();

  KeyedPlacement(Identity identity) {
    this.table = identity.table();
    this.keyed = identity.keyed().orElseThrow();
  }

  @Override
  public Live[] look(Transaction transaction, Returning rows, List<Integer> which) {
    Live[] live = new Live[which.size()];
    Arrays.fill(live, Live.ABSENT);
    read(transaction, rows, which, (at, same) -> live[at] = same ? Live.IDENTICAL : Live.DIFFERENT);
    return live;
  }

  @Override
  public List<Arrival> arrivals(Transaction transaction, Returning rows, List<Integer> inserting) {
    return new Insertion(table, transaction, rows, inserting).arrivals();
  }

  @Override
  public void prove(Transaction transaction, Returning rows, List<Integer> inserted) {
    int[] same = {0};
    read(transaction, rows, inserted, (at, identical) -> same[0] += identical ? 1 : 0);
    if (same[0] != inserted.size()) {
      throw new SurpriseException(
          (inserted.size() - same[0]) + " rows are not what was inserted: a trigger altered them");
    }
  }

  private interface Found {
    void row(int at, boolean identical);
  }

  private void read(Transaction transaction, Returning rows, List<Integer> wanted, Found found) {
    List<String> names = keyed.key().orElseThrow().columns();
    int width = names.size();
    PackedRows keys = new PackedRows(width);
    Map<ByteBuffer, Integer> positions = new HashMap<>();
    for (int at = 0; at < wanted.size(); at++) {
      Row key = rows.values(wanted.get(at), names);
      keys.add(key, 0);
      positions.put(CanonicalBuffer.of(key), at);
    }
    transaction.lookUp(
        keyed,
        keys,
        rows.mapping().items(),
        row -> {
          Integer at = positions.get(CanonicalBuffer.of(row.slice(0, width)));
          if (at != null) {
            digest.update(row, width, row.width());
            found.row(at, rows.sameDigest(wanted.get(at), digest.high(), digest.low()));
          }
          return true;
        });
  }
}

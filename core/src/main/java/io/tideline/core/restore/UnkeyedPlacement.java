package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Arrival;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.util.BitSet;
import java.util.List;

/** Rows that no key names: they are live if a copy was found beforehand, and differ from none. */
final class UnkeyedPlacement implements Placement {
  private final Table table;
  private final LiveCopies copies;
  private final BitSet identical;
  private final RowDigest digest = new RowDigest();
  private List<Integer> keeping = List.of();

  /**
   * @param copies what was found; knows the table's end
   * @param identical the ordinals of the rows that are live
   */
  UnkeyedPlacement(Table table, LiveCopies copies, BitSet identical) {
    this.table = table;
    this.copies = copies;
    this.identical = identical;
  }

  @Override
  public Live[] look(Transaction transaction, Returning rows, List<Integer> which) {
    Live[] live = new Live[which.size()];
    for (int at = 0; at < live.length; at++) {
      boolean there = identical.get(rows.ordinal(which.get(at)));
      live[at] = there ? Live.IDENTICAL : Live.ABSENT;
    }
    return live;
  }

  @Override
  public List<Arrival> arrivals(Transaction transaction, Returning rows, List<Integer> inserting) {
    copies.advance(transaction);
    Insertion insertion = new Insertion(table, transaction, rows, inserting);
    keeping = insertion.keeping();
    return insertion.arrivals();
  }

  @Override
  public void prove(Transaction transaction, Returning rows, List<Integer> inserted) {
    DigestBag bag = new DigestBag(inserted.size());
    inserted.forEach(i -> bag.add(rows.high(i), rows.low(i), i));
    PackedRows keys = new PackedRows(1);
    for (int i : keeping) {
      Row key = rows.values(i, table.key().orElseThrow().columns());
      if (!copies.beyond(key)) {
        keys.add(key, 0);
      }
    }
    transaction.lookUp(table, keys, rows.mapping().items(), row -> claim(row, bag));
    copies.added(transaction, rows.mapping().items(), row -> claim(row, bag));
    if (bag.left() > 0) {
      throw new SurpriseException(
          bag.left() + " rows are not what was inserted: a trigger altered them");
    }
  }

  private boolean claim(Row row, DigestBag bag) {
    digest.update(row, 1, row.width());
    bag.claim(digest.high(), digest.low());
    return true;
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Item;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows whose hidden keys lost their meaning: identical ones are known by their digests, from a pass
 * over the whole table beforehand; the others get new hidden keys at the table's end.
 */
final class UnkeyedPlacement implements Placement {
  private static final int SLICE = 5_000;

  private final Table table;
  private final Mapping mapping;
  private final BitSet identical = new BitSet();
  private final RowDigest digest = new RowDigest();
  private @Nullable Row end;

  UnkeyedPlacement(Table table, Mapping mapping) {
    this.table = table;
    this.mapping = mapping;
  }

  /** Finds which of the rows sought are in the table already. */
  void search(Reader reader, DigestBag sought) {
    long read = SLICE;
    while (read == SLICE) {
      read =
          reader.scan(
              scan(),
              SLICE,
              row -> {
                digest.update(row, 1, row.width());
                int ordinal = sought.claim(digest.high(), digest.low());
                if (ordinal >= 0) {
                  identical.set(ordinal);
                }
                end = row.slice(0, 1);
                return true;
              });
    }
  }

  /** The ordinals of the rows that {@link #search} found. */
  BitSet identical() {
    return identical;
  }

  /** Rows after the last that was seen, hidden key first. */
  private Scan scan() {
    List<String> key = table.key().orElseThrow().columns();
    List<Item> items = new ArrayList<>();
    items.add(new Item.OfColumn(key.get(0)));
    items.addAll(mapping.items());
    return new Scan(
        table, items, List.of(), new Range(key, Optional.ofNullable(end), Optional.empty()));
  }

  @Override
  public Live[] look(Transaction transaction, Returning rows, int from, int to) {
    transaction.scan(
        scan(),
        row -> {
          end = row.slice(0, 1);
          return true;
        });
    Live[] live = new Live[to - from];
    Arrays.fill(live, Live.ABSENT);
    for (int i = from; i < to; i++) {
      if (identical.get(rows.ordinal(i))) {
        live[i - from] = Live.IDENTICAL;
      }
    }
    return live;
  }

  @Override
  public void prove(Transaction transaction, Returning rows, List<Integer> inserted) {
    DigestBag bag = new DigestBag(inserted.size());
    inserted.forEach(i -> bag.add(rows.high(i), rows.low(i), i));
    transaction.scan(
        scan(),
        row -> {
          digest.update(row, 1, row.width());
          bag.claim(digest.high(), digest.low());
          return true;
        });
    if (bag.left() > 0) {
      throw new SurpriseException(
          bag.left() + " rows are not what was inserted: a trigger altered them");
    }
  }
}

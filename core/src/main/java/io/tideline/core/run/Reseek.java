package io.tideline.core.run;

import io.tideline.core.archive.SealedRows;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds rows by their digests over a whole table, where hidden keys lost their meaning: a VACUUM
 * gave other numbers to rows that no column names.
 */
final class Reseek {
  private static final int SLICE = 5_000;

  private final Layout layout;
  private final SealedRows rows;
  private final List<Integer> ordinals = new ArrayList<>();
  private final SealedRows found;

  /**
   * @param layout what was digested, read in the order of the hidden key
   * @param rows the rows sought
   */
  Reseek(Layout layout, SealedRows rows) {
    this.layout = layout;
    this.rows = rows;
    this.found = new SealedRows(layout.placeWidth());
  }

  /** Reads the whole table, a slice at a time. */
  void read(RulesNow rules, Reader reader) {
    DigestBag bag = new DigestBag(rows.size());
    for (int i = 0; i < rows.size(); i++) {
      bag.add(rows.high(i), rows.low(i), i);
    }
    RowDigest digest = new RowDigest();
    Row place = new Row(layout.placeWidth());
    long read = SLICE;
    Optional<Row> after = Optional.empty();
    while (read == SLICE && bag.left() > 0) {
      Scan scan =
          new Scan(
              rules.table(),
              layout.items(),
              List.of(),
              new Range(layout.order(), after, Optional.empty()));
      read =
          reader.scan(
              scan,
              SLICE,
              row -> {
                layout.place(row, place);
                digest.update(row, layout.digestFrom(), layout.width());
                int at = bag.claim(digest.high(), digest.low());
                if (at >= 0) {
                  ordinals.add(at);
                  found.add(place, digest.high(), digest.low());
                }
                return true;
              });
      after = Optional.of(place.slice(0, layout.order().size()));
    }
  }

  /** The rows found, with their present keys. */
  SealedRows found() {
    return found;
  }

  /** The position among the rows sought of the i-th row found. */
  int ordinal(int i) {
    return ordinals.get(i);
  }
}

package io.tideline.core.rule;

import io.tideline.core.time.TimeCodec;
import io.tideline.dialect.Item;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.TimeColumn;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Where and how a policy reads a row's time.
 *
 * @param column the column as the policy names it, in the catalogue's spelling
 * @param encoding how the times are written
 */
public record PolicyTime(TimeColumn column, TimeEncoding encoding) {
  /** What is read of a row. */
  public Item item() {
    return item(column);
  }

  /** What is read of a row for a time column or expression. */
  public static Item item(TimeColumn column) {
    Optional<Item> plain = column.column().map(Item.OfColumn::new);
    return plain.orElseGet(() -> new Item.OfSql(column.sql().orElseThrow()));
  }

  /** A reader of the times. */
  public TimeCodec codec() {
    return new TimeCodec(encoding);
  }

  /** A codec for rules that read no time; it is never asked. */
  public static TimeCodec noCodec() {
    return new TimeCodec(new TimeEncoding(TimeEncoding.Shape.ISO_SPACE, "", ZoneOffset.UTC));
  }
}

package io.tideline.core.run;

import io.tideline.catalogue.Partition;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.LatestGuard;
import io.tideline.core.rule.Rule;
import io.tideline.core.rule.TableRules;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Range;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Scan;
import io.tideline.plan.KeySpan;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks a table in order, a slice at a time, each in a short read snapshot, and gives on every row
 * that the rule takes: the engine has judged its conditions, its time was parsed and is strictly
 * older.
 */
final class Walker {
  private static final int SMALLEST = 100;
  private static final int LARGEST = 20_000;
  private static final long BUFFER = 16L << 20;

  private final TableRules rules;
  private final Rule rule;
  private final Layout layout;
  private final Reader reader;
  private final Duration target;
  private final Optional<Row> through;
  private final Optional<Partition> within;
  private final List<LatestGuard> latest = new ArrayList<>();
  private final @Nullable TimeCodec codec;
  private final Row place;
  private @Nullable Row after;
  private int limit = 2_000;
  private boolean ended;

  /** A walk over a table, whatever its partitions; as the other constructor. */
  Walker(
      TableRules rules,
      Rule rule,
      Layout layout,
      Optional<KeySpan> span,
      Reader reader,
      Duration target) {
    this(rules, rule, layout, span, Optional.empty(), reader, target);
  }

  /**
   * @param span the integer keys between which the rows lie
   * @param within the only partition that is walked; all of the table if empty
   * @param target how long a snapshot should last at most
   */
  Walker(
      TableRules rules,
      Rule rule,
      Layout layout,
      Optional<KeySpan> span,
      Optional<Partition> within,
      Reader reader,
      Duration target) {
    this.rules = rules;
    this.within = within;
    this.rule = rule;
    this.layout = layout;
    this.place = new Row(layout.placeWidth());
    this.reader = reader;
    this.target = target;
    this.codec = rule.byAge() ? rule.time().orElseThrow().codec() : null;
    this.through = span.map(s -> Row.ofInteger(s.last()));
    this.after =
        span.filter(s -> s.first() > Long.MIN_VALUE)
            .map(s -> Row.ofInteger(s.first() - 1))
            .orElse(null);
    rules.keepingLatest().forEach(each -> latest.add(new LatestGuard(rules.table(), each)));
  }

  /** The order's values of the last row seen; empty before the first. */
  Optional<Row> position() {
    return Optional.ofNullable(after);
  }

  /** Where the row stands that was given on last; filled again with the next. */
  Row place() {
    return place;
  }

  /** The key of the row that was given on last. */
  Row key() {
    return layout.keyOfPlace(place);
  }

  /** Whether the walk has come to its end. */
  boolean ended() {
    return ended;
  }

  /** Reads a slice; the sink hears of rows taken, and ends the slice early by its answer. */
  void slice(RowSink taken) {
    List<Condition> filter = rules.guards(rule).stream().map(Guard::condition).toList();
    Scan scan =
        new Scan(
            rules.table(),
            layout.items(),
            filter,
            new Range(layout.order(), Optional.ofNullable(after), through),
            within);
    long started = System.nanoTime();
    int asked = limit;
    boolean[] cut = {false};
    long read = latest.isEmpty() ? direct(scan, taken, cut) : buffered(scan, taken, cut);
    if (read > 0) {
      after = place.slice(0, layout.order().size());
    }
    ended = !cut[0] && read < asked;
    adapt(System.nanoTime() - started, read);
  }

  private long direct(Scan scan, RowSink taken, boolean[] cut) {
    return reader.scan(
        scan,
        limit,
        row -> {
          layout.place(row, place);
          cut[0] = accepts(row) && !taken.accept(row);
          return !cut[0];
        });
  }

  /** Groups must be learnt before a row is judged, and a reader does one thing at a time. */
  private long buffered(Scan scan, RowSink taken, boolean[] cut) {
    PackedRows slice = new PackedRows(layout.items().size());
    long read =
        reader.scan(
            scan,
            limit,
            row -> {
              slice.add(row, 0);
              cut[0] = slice.bytes() >= BUFFER;
              return !cut[0];
            });
    Row row = new Row(slice.width());
    learn(slice, row);
    for (int i = 0; i < slice.size(); i++) {
      slice.get(i, row);
      layout.place(row, place);
      if (accepts(row) && !protectedAsLatest(row) && !taken.accept(row)) {
        cut[0] = true;
        return read;
      }
    }
    return read;
  }

  private void learn(PackedRows slice, Row row) {
    for (int rank = 0; rank < latest.size(); rank++) {
      List<Row> groups = new ArrayList<>();
      for (int i = 0; i < slice.size(); i++) {
        slice.get(i, row);
        groups.add(layout.group(rank, row, 0));
      }
      latest.get(rank).learn(groups, reader::newest);
    }
  }

  private boolean protectedAsLatest(Row row) {
    Row key = layout.key(row, 0);
    for (int rank = 0; rank < latest.size(); rank++) {
      if (latest.get(rank).protects(layout.group(rank, row, 0), key)) {
        return true;
      }
    }
    return false;
  }

  private boolean accepts(Row row) {
    if (codec != null) {
      TimeVerdict verdict =
          codec.read(row, layout.timeAt(), rule.cutoff().orElseThrow(), rule.now());
      if (verdict != TimeVerdict.EXPIRED) {
        return false;
      }
    }
    return !rules.holds().judgesRows() || !rules.holds().holds(layout.key(row, 0), rule, codec);
  }

  private void adapt(long nanos, long read) {
    if (nanos > target.toNanos()) {
      limit = Math.max(SMALLEST, limit / 2);
    } else if (read >= limit && nanos < target.toNanos() / 2) {
      limit = Math.min(LARGEST, limit * 2);
    }
  }

  /** The time of the row that was given on last. */
  Optional<Instant> time() {
    return Optional.ofNullable(codec).map(TimeCodec::instant);
  }
}

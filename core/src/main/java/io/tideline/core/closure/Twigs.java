package io.tideline.core.closure;

import io.tideline.core.digest.RowDigest;
import io.tideline.dialect.Lookups;
import io.tideline.dialect.ReferringRows;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one table that are to go before the rest of their tree: what they are now, what protects
 * them, and what refers to them.
 */
public final class Twigs {
  private final Shape shape;
  private final Member member;
  private final Lookups lookups;
  private final Found found;
  private final RowDigest digest = new RowDigest();
  private @Nullable Stay stay;

  /**
   * A row that refers to one of them.
   *
   * @param key its key
   * @param high the upper half of its digest
   * @param low the lower half
   * @param record what an archive keeps of it if it loses the reference; without values otherwise
   * @param held whether a hold keeps it as it is
   */
  public record Referrer(Edge edge, Row key, long high, long low, Row record, boolean held) {}

  /** Hears of a row that refers to one of them. */
  public interface Referrers {
    /** Hears of one row. */
    void row(Referrer referrer);
  }

  /**
   * Looks rows up.
   *
   * @param lookups the transaction that removes them
   * @param keys their keys
   */
  public Twigs(Shape shape, Member member, Lookups lookups, PackedRows keys) {
    this.shape = shape;
    this.member = member;
    this.lookups = lookups;
    this.found = new Found(member);
    lookups.lookUp(
        member.table(),
        keys,
        member.items(),
        row -> {
          take(row, keys.width());
          return true;
        });
    member.referred().forEach(this::outsiders);
  }

  /** Rows of no table of the tree that refer to one of them. */
  private void outsiders(Edge edge, int[] at) {
    PackedRows values = edge.child() < 0 ? values(at) : new PackedRows(at.length);
    if (stay == null && values.size() > 0) {
      long[] referring = {0};
      new Outsiders(lookups, Departed.NONE)
          .count(edge, values, (value, number) -> referring[0] += number);
      stay = referring[0] > 0 ? Stay.referredTo(edge, referring[0]) : null;
    }
  }

  private void take(Row row, int offset) {
    int at = found.add(row, offset, 0);
    digest.update(row, offset + member.digestFrom(), offset + member.width());
    found.digest(at, digest.high(), digest.low());
    if (stay == null) {
      stay = member.guard(row, offset, found.key(at)).orElse(null);
    }
  }

  /** The rows that are there. */
  public Found found() {
    return found;
  }

  /** Why one of them stays; empty if nothing protects any. */
  public Optional<Stay> stay() {
    return Optional.ofNullable(stay);
  }

  /** Their keys. */
  public PackedRows keys() {
    PackedRows keys = new PackedRows(member.key().columns().size());
    for (int i = 0; i < found.size(); i++) {
      keys.add(found.row(i), 0);
    }
    return keys;
  }

  /** Tells every live row of the tree's tables that refers to one of them. */
  public void referrers(Referrers told) {
    member.referred().forEach((edge, at) -> referrers(edge, at, told));
  }

  private void referrers(Edge edge, int[] at, Referrers told) {
    PackedRows values = edge.child() < 0 ? new PackedRows(at.length) : values(at);
    if (values.size() == 0) {
      return;
    }
    Member child = shape.members().get(edge.child());
    Row kept = new Row(child.keptWidth());
    lookups.referring(
        new ReferringRows(edge.key(), edge.from(), values),
        child.items(),
        referrer -> {
          child.keep(referrer, 1, kept);
          digest.update(referrer, 1 + child.digestFrom(), 1 + child.width());
          Row key = kept.slice(0, child.key().columns().size());
          told.row(
              new Referrer(
                  edge,
                  key,
                  digest.high(),
                  digest.low(),
                  child.record(edge, kept),
                  child.held(referrer, 1, key)));
          return true;
        });
  }

  /** What others refer to them by. */
  private PackedRows values(int[] at) {
    PackedRows values = new PackedRows(at.length);
    Set<ByteBuffer> known = new HashSet<>();
    Row row = new Row(member.keptWidth());
    for (int i = 0; i < found.size(); i++) {
      found.row(i, row);
      Closure.complete(row, at)
          .filter(value -> known.add(CanonicalBuffer.of(value)))
          .ifPresent(value -> values.add(value, 0));
    }
    return values;
  }
}

package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.dialect.Item;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Transaction;
import io.tideline.dialect.Writer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Pace;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import io.tideline.run.RunListener;
import io.tideline.run.Step;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Sets references in batches, each in one transaction. A batch that the database refuses is split
 * until the culprit stands alone.
 */
final class ReferenceAttempts {
  private static final int BATCH = 1_000;

  private final Writer writer;
  private final RunListener listener;
  private final ReferencePlace place;
  private final ReferenceCounts counts;
  private final BitSet attached;
  private List<Reference> batch = new ArrayList<>();

  /** A reference that was archived. */
  private record Reference(int ordinal, Row key, Row values, Row firm, boolean strange) {}

  /** What stands in the columns of a row now. */
  private enum Now {
    AS_IT_WAS,
    NOTHING,
    OTHER
  }

  /**
   * @param attached takes the ordinals of the references that are as they were
   */
  ReferenceAttempts(
      Writer writer,
      RunListener listener,
      ReferencePlace place,
      ReferenceCounts counts,
      BitSet attached) {
    this.writer = writer;
    this.listener = listener;
    this.place = place;
    this.counts = counts;
    this.attached = attached;
  }

  /**
   * Adds an archived reference, whose key has no NULL.
   *
   * @param strange whether another row stands where the one was that it referred to
   */
  void add(int ordinal, Row archived, boolean strange) {
    add(ordinal, place.key(archived), place.values(archived), new Row(0), strange);
  }

  /** As the other, of a row that was found by what it holds. */
  void add(int ordinal, Row key, Row values, Row firm, boolean strange) {
    batch.add(new Reference(ordinal, key, values, firm, strange));
    if (batch.size() == BATCH) {
      end();
    }
  }

  /** Sets the rest. */
  void end() {
    List<Reference> some = batch;
    batch = new ArrayList<>();
    if (!some.isEmpty()) {
      split(some);
      writer.relax(Pace.GENTLE);
    }
  }

  private void split(List<Reference> some) {
    try {
      attempt(some);
      return;
    } catch (RefusedException | SurpriseException e) {
      if (some.size() == 1) {
        counts.left(some.get(0).key(), String.valueOf(e.getMessage()));
        return;
      }
    }
    int middle = some.size() >>> 1;
    split(some.subList(0, middle));
    split(some.subList(middle, some.size()));
  }

  private void attempt(List<Reference> some) {
    Map<Reference, Now> now;
    Set<Reference> referred;
    try (Transaction transaction = writer.begin(List.of(place.to(), place.from()))) {
      requireSame(transaction);
      referred = referred(transaction, some);
      now = now(transaction, some, firm());
      Map<Reference, Now> found = now;
      List<Reference> setting =
          some.stream()
              .filter(each -> found.get(each) == Now.NOTHING && !each.strange())
              .filter(referred::contains)
              .toList();
      if (!setting.isEmpty()) {
        set(transaction, setting);
      }
    }
    for (Reference each : some) {
      count(each, now.get(each), referred.contains(each));
    }
  }

  private List<String> firm() {
    return place.sought().map(ReferencePlace.Sought::firm).orElse(List.of());
  }

  private void requireSame(Transaction transaction) {
    if (place
        .sought()
        .filter(sought -> !sought.version().equals(transaction.catalogueVersion()))
        .isPresent()) {
      throw new TidelineException(
          ErrorCode.CATALOGUE_CHANGED,
          "Cannot tell which rows of table "
              + place.from().name()
              + " lost references: a VACUUM or a change of the schema came between.",
          "No reference was set since.",
          "Run the same command again.");
    }
  }

  private void count(Reference each, @Nullable Now now, boolean there) {
    if (now == null) {
      counts.absent();
    } else if (now == Now.OTHER) {
      counts.left(each.key(), "it refers to another row now");
    } else if (now == Now.NOTHING && each.strange()) {
      counts.left(each.key(), "another row stands where the one was that it referred to");
    } else if (now == Now.NOTHING && !there) {
      counts.unreferred(each.key());
    } else {
      counts.attached();
      attached.set(each.ordinal());
    }
  }

  /** The references whose rows referred to are there. */
  private Set<Reference> referred(Transaction transaction, List<Reference> some) {
    Map<ByteBuffer, List<Reference>> asked = new HashMap<>();
    for (Reference each : some) {
      asked.computeIfAbsent(CanonicalBuffer.of(each.values()), v -> new ArrayList<>()).add(each);
    }
    Set<Reference> found = new HashSet<>();
    boolean[] otherwise = {false};
    lookUp(
        transaction,
        place.to(),
        asked.values().stream().map(same -> same.get(0).values()).toList(),
        List.of(),
        (key, values) -> {
          List<Reference> same = asked.remove(CanonicalBuffer.of(key));
          if (same == null) {
            otherwise[0] = true; // equal by the database's rules only
          } else {
            found.addAll(same);
          }
        });
    if (otherwise[0]) {
      for (List<Reference> same : asked.values()) {
        lookUp(
            transaction,
            place.to(),
            List.of(same.get(0).values()),
            List.of(),
            (key, values) -> found.addAll(same));
      }
    }
    return found;
  }

  /**
   * What stands in the referring columns; nothing of rows that are not there or not the same.
   *
   * @param firm columns that must be as they were
   */
  private Map<Reference, Now> now(
      Transaction transaction, List<Reference> some, List<String> firm) {
    int width = place.columns().size();
    List<Item> items =
        Stream.concat(place.columns().stream(), firm.stream())
            .<Item>map(Item.OfColumn::new)
            .toList();
    Map<ByteBuffer, Reference> asked = new HashMap<>();
    some.forEach(each -> asked.put(CanonicalBuffer.of(each.key()), each));
    Map<Reference, Now> now = new HashMap<>();
    lookUp(
        transaction,
        place.from(),
        some.stream().map(Reference::key).toList(),
        items,
        (key, values) -> {
          Reference each = asked.get(CanonicalBuffer.of(key));
          Row others = values.slice(width, values.width());
          if (each != null && (firm.isEmpty() || others.equals(each.firm()))) {
            now.put(each, compare(each.values(), values));
          }
        });
    return now;
  }

  private static Now compare(Row was, Row is) {
    boolean same = true;
    for (int i = 0; i < was.width(); i++) {
      if (is.isNull(i)) {
        same = false;
      } else if (!was.slice(i, i + 1).equals(is.slice(i, i + 1))) {
        return Now.OTHER;
      }
    }
    return same ? Now.AS_IT_WAS : Now.NOTHING;
  }

  private void set(Transaction transaction, List<Reference> setting) {
    PackedRows rows = new PackedRows(place.keyAt().length + place.columns().size());
    Row row = new Row(rows.width());
    for (Reference each : setting) {
      for (int i = 0; i < row.width(); i++) {
        int width = each.key().width();
        row.set(i, i < width ? each.key() : each.values(), i < width ? i : i - width);
      }
      rows.add(row, 0);
    }
    long changed = transaction.attach(place.from(), rows, place.columns());
    transaction.checkConstraints();
    Map<Reference, Now> now = now(transaction, setting, List.of());
    long same = setting.stream().filter(each -> now.get(each) == Now.AS_IT_WAS).count();
    if (changed != setting.size() || same != setting.size()) {
      throw new SurpriseException(
          setting.size()
              + " references were to be set, "
              + same
              + " are as they were: a trigger altered the others");
    }
    if (!transaction.rowsLost().isEmpty()) {
      throw new SurpriseException("a trigger deleted rows: of " + transaction.rowsLost().keySet());
    }
    listener.stepped(Step.RESTORE_INSERTED);
    transaction.commit(false);
    listener.stepped(Step.RESTORE_COMMITTED);
  }

  private interface Found {
    void row(Row key, Row values);
  }

  private static void lookUp(
      Transaction transaction, Table table, List<Row> keys, List<Item> items, Found found) {
    int width = table.key().orElseThrow().columns().size();
    PackedRows packed = new PackedRows(width);
    keys.forEach(key -> packed.add(key, 0));
    transaction.lookUp(
        table,
        packed,
        items,
        row -> {
          found.row(row.slice(0, width), row.slice(width, row.width()));
          return true;
        });
  }
}

package io.tideline.core.run;

import io.tideline.core.archive.SealedRows;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.plan.Guard;
import io.tideline.core.plan.LatestGuard;
import io.tideline.core.plan.Rule;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Item;
import io.tideline.dialect.Transaction;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges the rows of one batch one by one, inside the transaction that removes them: each is
 * missing, changed, kept for a reason, or goes.
 */
final class Verdicts {
  private final RulesNow rules;
  private final Layout layout;
  private final SealedRows sealed;
  private final int from;
  private final @Nullable Verdict[] verdicts;
  private final Row[] keys;
  private final RowDigest digest = new RowDigest();
  private final TimeCodec codec;

  private record Verdict(Reason reason, String detail, boolean goes) {}

  private static final Verdict GOES = new Verdict(Reason.FRESH, "", true);

  Verdicts(RulesNow rules, Layout layout, SealedRows sealed, int from, int to) {
    this.rules = rules;
    this.layout = layout;
    this.sealed = sealed;
    this.from = from;
    this.verdicts = new Verdict[to - from];
    this.codec = rules.codec();
    this.keys = new Row[to - from];
  }

  /** Looks every row up, locks it, and judges it. */
  void judge(Transaction transaction, PackedRows packed) {
    Map<ByteBuffer, Integer> positions = new HashMap<>();
    for (int i = 0; i < packed.size(); i++) {
      keys[i] = packed.get(i);
      positions.put(canonical(keys[i]), i);
    }
    List<Guard> guards = rules.guards();
    List<Item> items = new ArrayList<>(layout.items());
    guards.forEach(guard -> items.add(new Item.Holds(guard.condition())));
    int key = packed.width();
    int flags = key + layout.items().size();
    int ranks = rules.rules().keepingLatest().size();
    List<List<Row>> groups = new ArrayList<>();
    for (int rank = 0; rank < ranks; rank++) {
      groups.add(new ArrayList<>());
    }
    List<Integer> going = new ArrayList<>();
    transaction.lookUp(
        rules.table(),
        packed,
        items,
        row -> {
          Integer at = positions.get(canonical(row.slice(0, key)));
          if (at != null) {
            verdicts[at] = judge(row, at, key, flags, guards);
            if (verdicts[at].goes()) {
              going.add(at);
              for (int rank = 0; rank < ranks; rank++) {
                groups.get(rank).add(layout.group(rank, row, key));
              }
            }
          }
          return true;
        });
    for (int rank = 0; rank < ranks; rank++) {
      keepLatest(rules.rules().keepingLatest().get(rank), groups.get(rank), going, transaction);
    }
  }

  private Verdict judge(Row row, int at, int offset, int flags, List<Guard> guards) {
    digest.update(row, offset + layout.digestFrom(), offset + layout.width());
    if (digest.high() != sealed.high(from + at) || digest.low() != sealed.low(from + at)) {
      return new Verdict(Reason.CHANGED, "", false);
    }
    if (rules.rule().isEmpty()) {
      return new Verdict(Reason.POLICY_OFF, "", false);
    }
    for (int i = 0; i < guards.size(); i++) {
      if (row.integer(flags + i) == 0) {
        return new Verdict(guards.get(i).reason(), guards.get(i).detail(), false);
      }
    }
    return age(row, offset, rules.rule().get(), at);
  }

  private Verdict age(Row row, int offset, Rule rule, int at) {
    Instant time = Instant.EPOCH;
    if (rule.byAge()) {
      TimeVerdict verdict =
          codec.read(row, offset + layout.timeAt(), rule.cutoff().orElseThrow(), rule.now());
      if (verdict != TimeVerdict.EXPIRED) {
        return new Verdict(Reason.FRESH, "", false);
      }
      time = codec.instant();
    }
    boolean held =
        rules.rules().holds().judgesRows() && rules.rules().holds().holds(keys[at], time);
    return held ? new Verdict(Reason.HOLD, "restored", false) : GOES;
  }

  private void keepLatest(
      Rule rule, List<Row> groups, List<Integer> going, Transaction transaction) {
    LatestGuard guard = new LatestGuard(rules.table(), rule);
    guard.learn(groups, transaction::newest);
    for (int i = 0; i < going.size(); i++) {
      int at = going.get(i);
      if (guard.protects(groups.get(i), keys[at])) {
        verdicts[at] = new Verdict(Reason.KEEP_LATEST, rule.policy().name(), false);
      }
    }
  }

  /** The keys of the rows that go. */
  PackedRows going() {
    PackedRows going = new PackedRows(rules.table().key().orElseThrow().columns().size());
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] != null && verdicts[i].goes()) {
        going.add(keys[i], 0);
      }
    }
    return going;
  }

  /** The digests of the rows that go. */
  DigestBag bag() {
    DigestBag bag = new DigestBag(verdicts.length);
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] != null && verdicts[i].goes()) {
        bag.add(sealed.high(from + i), sealed.low(from + i), i);
      }
    }
    return bag;
  }

  /** Writes down what became of the rows, once the transaction is over. */
  void tell(Fates fates, boolean resumed) {
    for (int i = 0; i < verdicts.length; i++) {
      Verdict verdict = verdicts[i];
      if (verdict == null) {
        if (!resumed) {
          fates.gone(from + i);
        }
      } else if (!verdict.goes()) {
        fates.kept(from + i, verdict.reason(), verdict.detail(), keys[i]);
      }
    }
  }

  private static ByteBuffer canonical(Row row) {
    CanonicalBuffer buffer = new CanonicalBuffer(32).append(row);
    return ByteBuffer.wrap(buffer.array(), 0, buffer.length());
  }
}

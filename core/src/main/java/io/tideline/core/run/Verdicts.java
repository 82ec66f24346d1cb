package io.tideline.core.run;

import io.tideline.catalogue.Table;
import io.tideline.core.archive.SealedRows;
import io.tideline.core.digest.DigestBag;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.rule.Guard;
import io.tideline.core.rule.LatestGuard;
import io.tideline.core.rule.Rule;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.time.TimeVerdict;
import io.tideline.dialect.Item;
import io.tideline.dialect.Transaction;
import io.tideline.plan.Reason;
import io.tideline.row.CanonicalBuffer;
import io.tideline.row.PackedRows;
import io.tideline.row.Row;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
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
  private final int latest;
  private final List<Map<Integer, Row>> groups = new ArrayList<>();

  private record Verdict(Reason reason, String detail, boolean goes) {}

  private static final Verdict GOES = new Verdict(Reason.FRESH, "", true);

  Verdicts(RulesNow rules, Layout layout, SealedRows sealed, int from, int to) {
    this.rules = rules;
    this.layout = layout;
    this.sealed = sealed;
    this.from = from;
    this.verdicts = new Verdict[to - from];
    this.codec = rules.codec();
    this.latest = rules.rules().keepingLatest().size();
    this.keys = new Row[to - from];
    for (int i = from; i < to; i++) {
      keys[i - from] = layout.keyOfPlace(sealed.place(i));
    }
    for (int rank = 0; rank < latest; rank++) {
      groups.add(new LinkedHashMap<>());
    }
  }

  /**
   * Looks every row up, locks it, and judges it. A row that its hidden key does not find is sought
   * by the table's declared key, if it has one: it was written anew, or a VACUUM renumbered it.
   *
   * @param keysValid whether hidden keys still name the rows
   */
  void judge(Transaction transaction, boolean keysValid) {
    if (keysValid) {
      lookUp(transaction, rules.table(), layout::keyOfPlace, layout::key);
    }
    Optional<Table> alias = rules.alias();
    if (alias.isPresent()) {
      lookUp(transaction, alias.get(), layout::aliasOfPlace, layout::alias);
    }
    for (int rank = 0; rank < latest; rank++) {
      keepLatest(rules.rules().keepingLatest().get(rank), groups.get(rank), transaction);
    }
  }

  private interface KeyOfRow {
    Row key(Row row, int offset);
  }

  private void lookUp(
      Transaction transaction, Table table, UnaryOperator<Row> keyOfPlace, KeyOfRow keyOfRow) {
    List<Integer> asked = new ArrayList<>();
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] == null && !keyOfPlace.apply(sealed.place(from + i)).hasNull()) {
        asked.add(i);
      }
    }
    if (!asked.isEmpty() && !lookUp(transaction, table, asked, keyOfPlace, keyOfRow)) {
      asked.removeIf(at -> verdicts[at] != null);
      asked.forEach(at -> lookUp(transaction, table, List.of(at), keyOfPlace, keyOfRow));
    }
  }

  /**
   * Looks rows up; one that was asked for alone is found whatever its key looks like now.
   *
   * @return false if a row's key is equal to one that was asked for by the database's rules alone,
   *     where case, an accent or a trailing zero may differ: nobody knows which of them
   */
  private boolean lookUp(
      Transaction transaction,
      Table table,
      List<Integer> asked,
      UnaryOperator<Row> keyOfPlace,
      KeyOfRow keyOfRow) {
    int width = table.key().orElseThrow().columns().size();
    PackedRows wanted = new PackedRows(width);
    Map<ByteBuffer, Integer> positions = new HashMap<>();
    for (int at : asked) {
      Row key = keyOfPlace.apply(sealed.place(from + at));
      wanted.add(key, 0);
      positions.put(CanonicalBuffer.of(key), at);
    }
    List<Guard> guards = rules.guards();
    List<Item> items = new ArrayList<>(layout.items());
    guards.forEach(guard -> items.add(new Item.Holds(guard.condition())));
    boolean[] all = {true};
    transaction.lookUp(
        table,
        wanted,
        items,
        row -> {
          Integer at = positions.get(CanonicalBuffer.of(keyOfRow.key(row, width)));
          if (at == null && asked.size() == 1) {
            at = asked.get(0);
          }
          if (at == null) {
            all[0] = false;
          } else {
            found(row, at, width, guards);
          }
          return true;
        });
    return all[0];
  }

  private void found(Row row, int at, int offset, List<Guard> guards) {
    keys[at] = layout.key(row, offset);
    verdicts[at] = judge(row, at, offset, offset + layout.items().size(), guards);
    if (verdicts[at].goes()) {
      for (int rank = 0; rank < latest; rank++) {
        groups.get(rank).put(at, layout.group(rank, row, offset));
      }
    }
  }

  private Verdict judge(Row row, int at, int offset, int flags, List<Guard> guards) {
    digest.update(row, offset + layout.digestFrom(), offset + layout.width());
    if (digest.high() != sealed.high(from + at) || digest.low() != sealed.low(from + at)) {
      return new Verdict(Reason.CHANGED, "", false);
    }
    if (rules.rule().isEmpty()) {
      return new Verdict(rules.without(), "", false);
    }
    for (int i = 0; i < guards.size(); i++) {
      if (row.integer(flags + i) == 0) {
        return new Verdict(guards.get(i).reason(), guards.get(i).detail(), false);
      }
    }
    return age(row, offset, rules.rule().get(), at);
  }

  private Verdict age(Row row, int offset, Rule rule, int at) {
    if (rule.byAge()) {
      TimeVerdict verdict =
          codec.read(row, offset + layout.timeAt(), rule.cutoff().orElseThrow(), rule.now());
      if (verdict != TimeVerdict.EXPIRED) {
        return new Verdict(Reason.FRESH, "", false);
      }
    }
    boolean held =
        rules.rules().holds().judgesRows() && rules.rules().holds().holds(keys[at], rule, codec);
    return held ? new Verdict(Reason.HOLD, "restored", false) : GOES;
  }

  private void keepLatest(Rule rule, Map<Integer, Row> groups, Transaction transaction) {
    LatestGuard guard = new LatestGuard(rules.table(), rule);
    guard.learn(List.copyOf(groups.values()), transaction::newest);
    groups.forEach(
        (at, group) -> {
          if (guard.protects(group, keys[at])) {
            verdicts[at] = new Verdict(Reason.KEEP_LATEST, rule.policy().name(), false);
          }
        });
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

  /** The declared keys of the rows that go, where the table's own is hidden. */
  PackedRows goingAliases() {
    PackedRows going = new PackedRows(layout.aliasOfPlace(sealed.place(from)).width());
    for (int i = 0; i < verdicts.length; i++) {
      if (verdicts[i] != null && verdicts[i].goes()) {
        Row alias = layout.aliasOfPlace(sealed.place(from + i));
        if (!alias.hasNull()) {
          going.add(alias, 0);
        }
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
      } else if (resumed && verdict.reason() == Reason.CHANGED) {
        fates.differs(from + i);
      } else if (!verdict.goes()) {
        String key = layout.keyText(sealed.place(from + i));
        fates.kept(from + i, verdict.reason(), verdict.detail(), key);
      }
    }
  }
}

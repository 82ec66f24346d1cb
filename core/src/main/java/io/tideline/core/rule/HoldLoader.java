package io.tideline.core.rule;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
import io.tideline.core.archive.Intent;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.Restored;
import io.tideline.core.archive.SegmentFile;
import io.tideline.dialect.Condition;
import io.tideline.dialect.Database;
import io.tideline.dialect.Item;
import io.tideline.dialect.Reader;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Predicate;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import io.tideline.run.Hold;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Finds what the holds in force mean for a table. */
public final class HoldLoader {
  /** Above this many restored rows, the stretch of their times is held instead of each key. */
  private static final int MAX_KEYS = 500_000;

  /** What a hold itself can be wrong by, or what became of its table since. */
  private static final Set<ErrorCode> USERS =
      EnumSet.of(
          ErrorCode.TABLE_UNKNOWN,
          ErrorCode.COLUMN_UNKNOWN,
          ErrorCode.ARGUMENT_INVALID,
          ErrorCode.PREDICATE_INVALID,
          ErrorCode.SQL_FAILED);

  private final Database database;
  private final Catalogue catalogue;
  private final Reader reader;
  private final ArchiveFolder archive;
  private final Formats formats;
  private final HoldBook book;
  private final Instant now;

  /** The holds in force at an instant. */
  public HoldLoader(
      Database database,
      Catalogue catalogue,
      Reader reader,
      ArchiveFolder archive,
      Formats formats,
      Instant now) {
    this.database = database;
    this.catalogue = catalogue;
    this.reader = reader;
    this.archive = archive;
    this.formats = formats;
    this.book = new HoldBook(archive.root(), archive.storage());
    this.now = now;
  }

  /** A digest that changes with every hold placed or released. */
  public String digest() {
    return book.digest();
  }

  /**
   * The holds on a table.
   *
   * @throws TidelineException {@code HOLD_UNREADABLE} if any hold cannot be understood
   */
  public HoldRules of(Table table) {
    return of(table, hold -> true);
  }

  /** As {@link #of(Table)}, of some of the holds. */
  public HoldRules of(Table table, java.util.function.Predicate<Hold> meant) {
    HoldRules rules = new HoldRules();
    for (Hold hold : book.inForce(now).stream().filter(meant).toList()) {
      try {
        if (database.resolve(catalogue, hold.table()).name().equals(table.name())) {
          add(hold, table, rules);
        }
      } catch (TidelineException e) {
        throw USERS.contains(e.code()) ? unreadable(hold, e) : e;
      }
    }
    return rules;
  }

  private static TidelineException unreadable(Hold hold, TidelineException cause) {
    return new TidelineException(
        ErrorCode.HOLD_UNREADABLE,
        "Cannot tell which rows of table "
            + hold.table()
            + " the hold "
            + hold.id()
            + " protects: "
            + cause.what(),
        "Nothing was changed; no run goes while a hold cannot be judged.",
        "Release it (`tideline hold remove "
            + hold.id()
            + " --reason TEXT`) and place it anew if its rows are still there.",
        cause);
  }

  /**
   * Checks that a hold can be judged on a table, and that every key of it has a row.
   *
   * @throws TidelineException {@code ARGUMENT_INVALID}, {@code PREDICATE_INVALID}, {@code
   *     SQL_FAILED}
   */
  public void check(Hold hold, Table table) {
    add(hold, table, new HoldRules());
    KeyPredicates keys = new KeyPredicates(table, reader);
    hold.keys().forEach(keys::rows);
  }

  private void add(Hold hold, Table table, HoldRules rules) {
    if (hold.keys().isEmpty() && hold.where().isEmpty() && hold.restore().isEmpty()) {
      throw refused("it names neither a key nor a condition", "Give --key KEY or --where SQL.");
    }
    if (!hold.keys().isEmpty()) {
      if (table.key().isEmpty() || HumanKey.onlyHidden(table)) {
        throw refused(
            "table " + table.name() + " has no key of its own that would name a row for good",
            "Say which rows with --where SQL.");
      }
      new KeyPredicates(table, reader)
          .of(hold.keys())
          .forEach(predicate -> addPredicate(table, predicate, rules));
    }
    hold.where().ifPresent(where -> addPredicate(table, new Predicate(where), rules));
    hold.restore().ifPresent(restore -> addRestored(restore, table, rules));
  }

  private static TidelineException refused(String why, String mend) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID, "Cannot hold rows: " + why + ".", "Nothing was changed.", mend);
  }

  private void addPredicate(Table table, Predicate predicate, HoldRules rules) {
    reader.check(table, new Item.Holds(new Condition.IsFalse(predicate, new Row(2))));
    rules.addPredicate(predicate);
  }

  private void addRestored(String restore, Table table, HoldRules rules) {
    for (ManifestEntry entry : archive.manifests()) {
      for (Restored restored : entry.restored()) {
        if (restored.restore().equals(restore)) {
          add(entry.manifest(), restored.segments(), table, rules);
        }
      }
      for (Intent intent : entry.restoring()) {
        if (intent.restore().equals(restore)) {
          int segments = entry.manifest().segments().size();
          List<RowRanges> meant =
              IntStream.range(0, segments).mapToObj(i -> entry.asked(intent, i)).toList();
          add(entry.manifest(), meant, table, rules);
        }
      }
    }
  }

  private void add(Manifest manifest, List<RowRanges> rows, Table table, HoldRules rules) {
    for (int i = 0; i < rows.size(); i++) {
      Manifest.Segment segment = manifest.segments().get(i);
      if (!segment.table().equals(table.name()) || rows.get(i).isEmpty()) {
        continue;
      }
      // A restored row may stand under another hidden key than it was archived with.
      boolean lasting =
          !segment.hiddenKey() && segment.key().equals(table.key().orElseThrow().columns());
      if (lasting && rules.keys() + rows.get(i).size() <= MAX_KEYS) {
        addKeys(manifest, segment, rows.get(i), rules);
      } else {
        rules.addStretch(
            segment.time(),
            segment.oldest().orElse(Instant.MIN),
            segment.newest().orElse(Instant.MAX));
      }
    }
  }

  private void addKeys(
      Manifest manifest, Manifest.Segment segment, RowRanges rows, HoldRules rules) {
    int[] key = segment.keyPositions();
    new SegmentFile(archive.file(manifest, segment), segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (rows.contains(ordinal)) {
                Row picked = new Row(key.length);
                for (int i = 0; i < key.length; i++) {
                  picked.set(i, row, key[i]);
                }
                rules.addKey(picked);
              }
            });
  }
}

package io.tideline.core.plan;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
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
import java.util.List;

/** Finds what the holds in force mean for a table. */
public final class HoldLoader {
  /** Above this many restored rows, the stretch of their times is held instead of each key. */
  private static final int MAX_KEYS = 500_000;

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
    HoldRules rules = new HoldRules();
    for (Hold hold : book.inForce(now)) {
      if (database.resolve(catalogue, hold.table()).name().equals(table.name())) {
        add(hold, table, rules);
      }
    }
    return rules;
  }

  /**
   * Checks that a hold can be judged on a table.
   *
   * @throws TidelineException {@code HOLD_UNREADABLE}, {@code PREDICATE_INVALID}, {@code
   *     ARGUMENT_INVALID}
   */
  public void check(Hold hold, Table table) {
    add(hold, table, new HoldRules());
  }

  private void add(Hold hold, Table table, HoldRules rules) {
    hold.where().ifPresent(where -> addPredicate(hold, table, new Predicate(where), rules));
    if (!hold.keys().isEmpty()) {
      HumanKey.predicates(table, hold.keys())
          .forEach(predicate -> addPredicate(hold, table, predicate, rules));
    }
    hold.restore().ifPresent(restore -> addRestored(restore, table, rules));
  }

  private void addPredicate(Hold hold, Table table, Predicate predicate, HoldRules rules) {
    try {
      reader.check(table, new Item.Holds(new Condition.IsFalse(predicate, new Row(2))));
    } catch (TidelineException e) {
      throw new TidelineException(
          ErrorCode.HOLD_UNREADABLE,
          "Cannot tell which rows hold " + hold.id() + " protects: " + e.what(),
          "Nothing was changed; no run goes while a hold cannot be judged.",
          "Release it (`tideline hold remove " + hold.id() + "`) and place it anew.",
          e);
    }
    rules.addPredicate(predicate);
  }

  private void addRestored(String restore, Table table, HoldRules rules) {
    for (ManifestEntry entry : archive.manifests()) {
      for (Restored restored : entry.restored()) {
        if (restored.restore().equals(restore)) {
          add(entry.manifest(), restored.segments(), table, rules);
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
      boolean lasting =
          segment.key().equals(table.key().orElseThrow().columns())
              && (!segment.hiddenKey() || manifest.catalogueVersion().equals(catalogue.version()));
      if (lasting && rules.keys() + rows.get(i).size() <= MAX_KEYS) {
        addKeys(manifest, segment, rows.get(i), rules);
      } else {
        rules.addStretch(
            segment.oldest().orElse(Instant.MIN), segment.newest().orElse(Instant.MAX));
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

package io.tideline.core.view;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.NaturalType.Family;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.rule.HumanKey;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds trees of the archive by their roots: the newest copy where one was archived again. */
public final class ArchivedTrees {
  private final ArchiveFolder archive;
  private final Formats formats;

  /** The trees of an archive. */
  public ArchivedTrees(ArchiveFolder archive, Formats formats) {
    this.archive = archive;
    this.formats = formats;
  }

  /**
   * Finds a tree.
   *
   * @param name the root's table, a slash, and its key as plans and reports write it
   * @param among where it is sought
   * @param shown whether the root must be in the archive's view; else it may be back
   * @throws TidelineException {@code RUN_UNKNOWN} if there is none; {@code ARCHIVE_CORRUPT}
   */
  public TreeRows find(String name, Predicate<ManifestEntry> among, boolean shown) {
    List<ManifestEntry> newest =
        archive.manifests().stream()
            .filter(among)
            .sorted(
                Comparator.comparing((ManifestEntry e) -> e.manifest().run())
                    .thenComparing(e -> e.manifest().number())
                    .reversed())
            .toList();
    for (ManifestEntry entry : newest) {
      for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
        String table = name.substring(0, slash);
        String key = name.substring(slash + 1);
        Optional<TreeRows> found = find(entry, table, key, shown);
        if (found.isPresent()) {
          return found.get();
        }
      }
    }
    throw unknown(name);
  }

  private static TidelineException unknown(String name) {
    return new TidelineException(
        ErrorCode.RUN_UNKNOWN,
        "Cannot find the tree " + name + " in the archive.",
        "Nothing was changed.",
        "Name the table of its root, a slash, and the root's key, as in runs/run-123; `tideline"
            + " archives` lists the tables. A row that is back is in the archive no more.");
  }

  private Optional<TreeRows> find(ManifestEntry entry, String table, String key, boolean shown) {
    Manifest manifest = entry.manifest();
    for (int i = 0; i < manifest.segments().size(); i++) {
      Manifest.Segment segment = manifest.segments().get(i);
      if (named(segment.table(), table)) {
        int root = root(entry, i, key, shown ? entry.hidden(i) : entry.voided(i));
        if (root >= 0) {
          return Optional.of(new TreeRows(archive, formats, entry, i, root));
        }
      }
    }
    return Optional.empty();
  }

  private static boolean named(TableName table, String name) {
    return name.equalsIgnoreCase(table.name()) || name.equalsIgnoreCase(table.toString());
  }

  /** The ordinal of the root; -1 if it is not there. */
  private int root(ManifestEntry entry, int number, String key, RowRanges hidden) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    List<String> name = name(entry.manifest(), segment);
    int[] at = segment.positions(name);
    if (name.isEmpty() || Arrays.stream(at).anyMatch(i -> i < 0)) {
      return -1;
    }
    int[] root = {-1};
    new SegmentFile(
            archive.file(entry.manifest(), segment), segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (!hidden.contains(ordinal) && matches(segment, name, at, row, key)) {
                root[0] = ordinal;
              }
            });
    return root[0];
  }

  /** The columns that name a root of a table; none where its rows are no roots. */
  private static List<String> name(Manifest manifest, Manifest.Segment segment) {
    if (manifest.trees().isPresent()) {
      Manifest.Tree tree = manifest.trees().get();
      return tree.root().equals(segment.table()) ? tree.name() : List.of();
    }
    return segment.hiddenKey() ? List.of() : segment.key();
  }

  private static boolean matches(
      Manifest.Segment segment, List<String> name, int[] at, Row row, String key) {
    Row values = new Row(at.length);
    for (int i = 0; i < at.length; i++) {
      values.set(i, row, at[i]);
    }
    return at.length == 1 && values.display(0).equals(key)
        || HumanKey.same(HumanKey.text(column -> family(segment, column), name, values), key);
  }

  private static Family family(Manifest.Segment segment, String column) {
    return segment.columns().stream()
        .filter(each -> each.name().equals(column))
        .map(SegmentColumn::type)
        .findFirst()
        .orElseThrow()
        .family();
  }
}

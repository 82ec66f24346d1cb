package io.tideline.core.view;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.ArchivedTree;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.row.RowRanges;
import io.tideline.run.ArchivedSegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an archive shows: the rows that left their tables and did not come back. */
public final class ArchiveViews {
  private static final String GONE = "gone";
  private static final String DIFFERS = "differs";
  private static final String IN_DOUBT = "in-doubt";
  private static final String DETACHED = "detached";

  private final ArchiveFolder archive;

  /** The views of an archive. */
  public ArchiveViews(ArchiveFolder archive) {
    this.archive = archive;
  }

  /**
   * A view for each table, by name; without rows in doubt, a table all of whose segments are in
   * doubt has an empty one.
   */
  public List<ArchiveView> views(boolean inDoubt) {
    Map<String, List<ArchiveView.Segment>> byTable = new TreeMap<>();
    Map<String, List<ArchiveView.Segment>> empty = new TreeMap<>();
    for (ManifestEntry entry : archive.manifests()) {
      boolean shown = entry.closed() || inDoubt;
      for (int i = 0; i < entry.manifest().segments().size(); i++) {
        Manifest.Segment segment = entry.manifest().segments().get(i);
        (shown ? byTable : empty)
            .computeIfAbsent(segment.table().toString(), table -> new ArrayList<>())
            .add(view(entry, i, inDoubt));
      }
    }
    empty.forEach(byTable::putIfAbsent);
    return byTable.entrySet().stream()
        .map(each -> new ArchiveView(each.getKey(), each.getValue()))
        .toList();
  }

  /**
   * What is shown of one tree.
   *
   * @param name as it was asked for
   */
  public ArchivedTree tree(String name, TreeRows tree, boolean inDoubt) {
    Manifest manifest = tree.entry().manifest();
    List<ArchiveView> tables = new ArrayList<>();
    for (int i = 0; i < manifest.segments().size(); i++) {
      if (!tree.of(i).isEmpty()) {
        ArchiveView.Segment all = view(tree.entry(), i, inDoubt);
        String table = manifest.segments().get(i).table().toString();
        ArchiveView view =
            new ArchiveView(table, List.of(all.hiding(all.hidden().or(others(all, tree.of(i))))));
        tables.add(i == tree.rootSegment() ? 0 : tables.size(), view);
      }
    }
    List<ArchiveView> detached = new ArrayList<>();
    for (int file = 0; file < manifest.detached().size(); file++) {
      if (!tree.detached(file).isEmpty()) {
        detached.add(detached(tree, file));
      }
    }
    return new ArchivedTree(name, manifest.run(), manifest.sealedAt(), tables, detached);
  }

  private ArchiveView detached(TreeRows tree, int file) {
    Manifest manifest = tree.entry().manifest();
    Manifest.Segment values = manifest.detached().get(file);
    ArchiveView.Segment all =
        new ArchiveView.Segment(
            archive.file(manifest, values),
            values.format(),
            values.schema(),
            false,
            values.exceptions(),
            values.rows(),
            tree.entry().attached(file),
            Map.of(DETACHED, RowRanges.first((int) values.rows())),
            manifest.run(),
            manifest.sealedAt());
    return new ArchiveView(
        manifest.link(file).orElseThrow().display(),
        List.of(all.hiding(all.hidden().or(others(all, tree.detached(file))))));
  }

  private static RowRanges others(ArchiveView.Segment segment, BitSet rows) {
    return RowRanges.first((int) segment.rows()).without(RowRanges.of(rows));
  }

  private ArchiveView.Segment view(ManifestEntry entry, int number, boolean inDoubt) {
    Manifest manifest = entry.manifest();
    Manifest.Segment segment = manifest.segments().get(number);
    RowRanges doubted =
        entry.closed() ? entry.doubted(number) : RowRanges.first((int) segment.rows());
    return new ArchiveView.Segment(
        archive.file(manifest, segment),
        segment.format(),
        segment.schema(),
        segment.hiddenKey(),
        segment.exceptions(),
        segment.rows(),
        inDoubt ? entry.hidden(number) : entry.hidden(number).or(doubted),
        Map.of(
            GONE,
            entry.gone(number).without(doubted),
            DIFFERS,
            entry.differs(number).without(doubted),
            IN_DOUBT,
            doubted),
        manifest.run(),
        manifest.sealedAt());
  }

  /** Every sealed segment, oldest first. */
  public List<ArchivedSegment> segments() {
    List<ArchivedSegment> segments = new ArrayList<>();
    for (ManifestEntry entry : archive.manifests()) {
      for (int i = 0; i < entry.manifest().segments().size(); i++) {
        segments.add(segment(entry, i));
      }
    }
    return segments;
  }

  /** The sealed files that are not there, or have another length: one sentence each. */
  public List<String> missingFiles() {
    List<String> missing = new ArrayList<>();
    for (ManifestEntry entry : archive.manifests()) {
      for (Manifest.Segment segment : entry.manifest().files()) {
        Path file = archive.file(entry.manifest(), segment);
        if (!Files.exists(file)) {
          missing.add("The file " + file + " is missing. Bring it back from a copy.");
        } else if (file.toFile().length() != segment.bytes()) {
          missing.add("The file " + file + " has another length than was sealed.");
        }
      }
    }
    return missing;
  }

  private static ArchivedSegment segment(ManifestEntry entry, int number) {
    Manifest manifest = entry.manifest();
    Manifest.Segment segment = manifest.segments().get(number);
    long gone = entry.gone(number).size();
    long changed = entry.outcome().map(o -> o.segments().get(number).changed().size()).orElse(0);
    long kept = entry.outcome().map(o -> o.segments().get(number).kept().size()).orElse(0);
    RowRanges restored = RowRanges.empty();
    for (var each : entry.restored()) {
      restored = restored.or(each.segments().get(number));
    }
    return new ArchivedSegment(
        manifest.run() + "/" + segment.file(),
        manifest.run(),
        segment.table().toString(),
        manifest.policy(),
        segment.format(),
        manifest.sealedAt(),
        segment.rows(),
        entry.closed() ? segment.rows() - gone - changed - kept : 0,
        gone,
        changed,
        kept,
        restored.size(),
        segment.bytes(),
        segment.oldest(),
        segment.newest(),
        entry.closed() && entry.doubted(number).isEmpty());
  }
}

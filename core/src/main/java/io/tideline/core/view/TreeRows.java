package io.tideline.core.view;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.closure.Components;
import io.tideline.core.digest.ReferenceIndex;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The rows of one archived tree: its root, what went with it, and where trees shared rows or
 * referred to each other in a circle, those that went as one.
 */
public final class TreeRows {
  private final ArchiveFolder archive;
  private final Formats formats;
  private final ManifestEntry entry;
  private final int rootSegment;
  private final int[] starts;
  private final List<List<Integer>> edges = new ArrayList<>();
  private final List<BitSet> rows = new ArrayList<>();
  private final List<BitSet> detached = new ArrayList<>();

  /**
   * Finds them.
   *
   * @param rootSegment the number of the root's segment
   * @param root its ordinal
   */
  TreeRows(ArchiveFolder archive, Formats formats, ManifestEntry entry, int rootSegment, int root) {
    this.archive = archive;
    this.formats = formats;
    this.entry = entry;
    this.rootSegment = rootSegment;
    List<Manifest.Segment> segments = entry.manifest().segments();
    this.starts = new int[segments.size() + 1];
    for (int i = 0; i < segments.size(); i++) {
      starts[i + 1] = starts[i] + (int) segments.get(i).rows();
      rows.add(new BitSet());
    }
    if (entry.manifest().trees().isEmpty()) {
      rows.get(rootSegment).set(root);
      return;
    }
    for (int row = 0; row < starts[segments.size()]; row++) {
      edges.add(new ArrayList<>(2));
    }
    entry.manifest().trees().get().links().forEach(this::follow);
    take(root);
    findDetached();
  }

  private void follow(Manifest.Link link) {
    int from = entry.manifest().segmentOf(link.from());
    int to = entry.manifest().segmentOf(link.to());
    if (from < 0 || to < 0 || link.on().equals(Manifest.Link.DETACH)) {
      return;
    }
    ReferenceIndex index = new ReferenceIndex((int) entry.manifest().segments().get(to).rows());
    read(to, link.toColumns(), (row, ordinal, at) -> index.add(row, at, ordinal));
    boolean together = link.on().equals(Manifest.Link.DELETE);
    read(
        from,
        link.columns(),
        (row, ordinal, at) -> {
          int parent = index.find(row, at);
          if (parent >= 0) {
            edges.get(starts[from] + ordinal).add(starts[to] + parent);
            if (together) {
              edges.get(starts[to] + parent).add(starts[from] + ordinal);
            }
          }
        });
  }

  private interface Visitor {
    void row(Row row, int ordinal, int[] at);
  }

  /** Reads the rows of a segment that are not void. */
  private void read(int number, List<String> columns, Visitor visitor) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    int[] at = segment.positions(columns);
    if (Arrays.stream(at).anyMatch(i -> i < 0)) {
      return;
    }
    RowRanges voided = entry.voided(number);
    new SegmentFile(
            archive.file(entry.manifest(), segment), segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (!voided.contains(ordinal)) {
                visitor.row(row, ordinal, at);
              }
            });
  }

  private void take(int root) {
    int[] component =
        Components.of(
            edges.stream().map(to -> to.stream().mapToInt(Integer::intValue).toArray()).toList());
    int wanted = component[starts[rootSegment] + root];
    for (int i = 0; i < rows.size(); i++) {
      for (int row = starts[i]; row < starts[i + 1]; row++) {
        if (component[row] == wanted) {
          rows.get(i).set(row - starts[i]);
        }
      }
    }
  }

  private void findDetached() {
    DetachedRows values = new DetachedRows(archive, formats);
    for (int file = 0; file < entry.manifest().detached().size(); file++) {
      BitSet found = new BitSet();
      int to = entry.manifest().segmentOf(entry.manifest().link(file).orElseThrow().to());
      if (to >= 0) {
        values.read(
            entry,
            file,
            (ordinal, row, referred) -> {
              if (referred >= 0 && rows.get(to).get(referred)) {
                found.set(ordinal);
              }
            });
      }
      detached.add(found);
    }
  }

  /** The manifest that holds them. */
  public ManifestEntry entry() {
    return entry;
  }

  /** The number of the root's segment. */
  public int rootSegment() {
    return rootSegment;
  }

  /** The rows of a segment; those that are back are among them. */
  public BitSet of(int segment) {
    return rows.get(segment);
  }

  /** The rows of a file of detached values that referred to rows of the tree. */
  public BitSet detached(int file) {
    return file < detached.size() ? detached.get(file) : new BitSet();
  }
}

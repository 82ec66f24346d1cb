package io.tideline.core.restore;

import io.tideline.archive.SegmentColumn;
import io.tideline.catalogue.TableName;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.time.TimeCodec;
import io.tideline.core.view.ArchivedTrees;
import io.tideline.core.view.DetachedRows;
import io.tideline.core.view.TreeRows;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.RowRanges;
import io.tideline.run.RestoreRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Finds the archived rows that a request means, verifying every segment it reads. */
final class Choice {
  private final ArchiveFolder archive;
  private final Formats formats;
  private final RestoreRequest request;
  private final Map<Path, BitSet> where;
  private List<ManifestEntry> entries = List.of();
  private List<Chosen> chosen = List.of();
  private Optional<TreeRows> tree = Optional.empty();

  /**
   * @param where the rows of each file that meet the request's predicate; not asked without one
   */
  Choice(ArchiveFolder archive, Formats formats, RestoreRequest request, Map<Path, BitSet> where) {
    this.archive = archive;
    this.formats = formats;
    this.request = request;
    this.where = where;
  }

  /**
   * The segments with rows to bring back, oldest first.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if a segment is damaged, {@code RUN_UNKNOWN}
   *     if nothing has the name asked for
   */
  List<Chosen> segments() {
    Predicate<ManifestEntry> among =
        entry -> (entry.closed() || request.inDoubt()) && matchesRun(entry.manifest());
    tree = request.tree().map(name -> new ArchivedTrees(archive, formats).find(name, among, false));
    entries =
        tree.map(found -> List.of(found.entry()))
            .orElseGet(() -> archive.manifests().stream().filter(among).toList());
    if (entries.isEmpty() && !request.runs().isEmpty()) {
      throw new TidelineException(
          ErrorCode.RUN_UNKNOWN,
          "Cannot find archived rows of " + String.join(", ", request.runs()) + ".",
          "Nothing was changed.",
          "`tideline archives` lists what there is.");
    }
    chosen = new ArrayList<>();
    for (ManifestEntry entry : entries) {
      for (int i = 0; i < entry.manifest().segments().size(); i++) {
        if (matches(request, entry.manifest().segments().get(i).table())) {
          Chosen each = rows(entry, i);
          if (!each.rows().isEmpty()) {
            chosen.add(each);
          }
        }
      }
    }
    return chosen;
  }

  /** The references that are to be set again with the rows of {@link #segments}. */
  List<ChosenDetached> detached() {
    return new DetachedChoice(new DetachedRows(archive, formats), request, chosen, tree)
        .of(entries);
  }

  private boolean matchesRun(Manifest manifest) {
    return request.runs().isEmpty()
        || request.runs().contains(manifest.run())
        || request.runs().contains(manifest.name());
  }

  /** Whether a request means a table: by its name, or its name for a person, whatever the case. */
  static boolean matches(RestoreRequest request, String table) {
    return request.tables().isEmpty()
        || request.tables().stream().anyMatch(name -> name.equalsIgnoreCase(table));
  }

  /** As the other. */
  static boolean matches(RestoreRequest request, TableName table) {
    return request.tables().isEmpty()
        || request.tables().stream()
            .anyMatch(
                name ->
                    name.equalsIgnoreCase(table.name()) || name.equalsIgnoreCase(table.toString()));
  }

  /** What to say where nothing was chosen. */
  String nothing() {
    List<String> tables =
        archive.manifests().stream()
            .flatMap(entry -> entry.manifest().segments().stream())
            .map(segment -> segment.table().toString())
            .distinct()
            .sorted()
            .toList();
    return "no row of the archive meets the request; it holds rows of "
        + (tables.isEmpty() ? "no table" : String.join(", ", tables));
  }

  private TimeRange range(Manifest.Segment segment) {
    if (request.from().isEmpty() && request.to().isEmpty()) {
      return TimeRange.EVER;
    }
    int column =
        segment
            .time()
            .flatMap(time -> time.column())
            .map(name -> segment.columns().stream().map(SegmentColumn::name).toList().indexOf(name))
            .orElse(-1);
    if (column < 0 || segment.encoding().isEmpty()) {
      throw TimeRange.unknown(segment.file());
    }
    return new TimeRange(
        request.from(), request.to(), column, new TimeCodec(segment.encoding().get()));
  }

  private Chosen rows(ManifestEntry entry, int number) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    RowRanges hidden = entry.hidden(number);
    if (!request.gone()) {
      hidden = hidden.or(entry.gone(number));
    }
    if (!request.inDoubt()) {
      hidden = hidden.or(entry.doubted(number));
    }
    BitSet rows = new BitSet();
    RowRanges left = hidden;
    Path file = archive.file(entry.manifest(), segment);
    BitSet allowed = request.where().isPresent() ? where.getOrDefault(file, new BitSet()) : null;
    Optional<BitSet> ofTree = tree.map(found -> found.of(number));
    TimeRange range = range(segment);
    KeyRange.Finder keys = new KeyRange.Finder(segment.keyPositions());
    new SegmentFile(file, segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (!left.contains(ordinal)
                  && (allowed == null || allowed.get(ordinal))
                  && ofTree.map(rowsOfTree -> rowsOfTree.get(ordinal)).orElse(true)
                  && range.holds(row)) {
                rows.set(ordinal);
                keys.add(row);
              }
            });
    return new Chosen(entry, number, rows, keys.range());
  }
}

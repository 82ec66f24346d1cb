package io.tideline.core.restore;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.plan.PolicyTime;
import io.tideline.core.time.TimeCodec;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.Row;
import io.tideline.row.RowRanges;
import io.tideline.run.RestoreRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the archived rows that a request means, verifying every segment it reads. */
final class Choice {
  private final ArchiveFolder archive;
  private final Formats formats;
  private final RestoreRequest request;
  private final Map<Path, BitSet> where;

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
    List<ManifestEntry> entries =
        archive.manifests().stream()
            .filter(entry -> entry.closed() || request.inDoubt())
            .filter(entry -> matchesRun(entry.manifest()))
            .toList();
    if (entries.isEmpty() && !request.runs().isEmpty()) {
      throw new TidelineException(
          ErrorCode.RUN_UNKNOWN,
          "Cannot find archived rows of " + String.join(", ", request.runs()) + ".",
          "Nothing was changed.",
          "`tideline archives` lists what there is.");
    }
    List<Chosen> chosen = new ArrayList<>();
    for (ManifestEntry entry : entries) {
      for (int i = 0; i < entry.manifest().segments().size(); i++) {
        if (matchesTable(entry.manifest().segments().get(i))) {
          Chosen each = new Chosen(entry, i, rows(entry, i));
          if (!each.rows().isEmpty()) {
            chosen.add(each);
          }
        }
      }
    }
    return chosen;
  }

  private boolean matchesRun(Manifest manifest) {
    return request.runs().isEmpty()
        || request.runs().contains(manifest.run())
        || request.runs().contains(manifest.name());
  }

  private boolean matchesTable(Manifest.Segment segment) {
    return request.tables().isEmpty()
        || request.tables().stream()
            .anyMatch(
                name ->
                    name.equalsIgnoreCase(segment.table().name())
                        || name.equalsIgnoreCase(segment.table().toString()));
  }

  private BitSet rows(ManifestEntry entry, int number) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    RowRanges hidden = entry.hidden(number);
    if (!request.gone()) {
      hidden = hidden.or(entry.gone(number));
    }
    BitSet rows = new BitSet();
    RowRanges left = hidden;
    Path file = archive.file(entry.manifest(), segment);
    BitSet allowed = request.where().isPresent() ? where.getOrDefault(file, new BitSet()) : null;
    TimeRange range = new TimeRange(segment, request);
    new SegmentFile(file, segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (!left.contains(ordinal)
                  && (allowed == null || allowed.get(ordinal))
                  && range.holds(row)) {
                rows.set(ordinal);
              }
            });
    return rows;
  }

  /** Tells whether a row's time lies in the request's range. */
  private static final class TimeRange {
    private final Optional<Instant> from;
    private final Optional<Instant> to;
    private final int at;
    private final TimeCodec codec;

    TimeRange(Manifest.Segment segment, RestoreRequest request) {
      this.from = request.from();
      this.to = request.to();
      boolean asked = from.isPresent() || to.isPresent();
      int column =
          segment
              .time()
              .flatMap(time -> time.column())
              .map(name -> position(segment, name))
              .orElse(-1);
      if (asked && (column < 0 || segment.encoding().isEmpty())) {
        throw new TidelineException(
            ErrorCode.RESTORE_IMPOSSIBLE,
            "Cannot tell the times of " + segment.file() + ": its policy read no time column.",
            "Nothing was changed.",
            "Choose rows by --run, --table or --where.");
      }
      this.at = asked ? column : -1;
      this.codec = segment.encoding().map(TimeCodec::new).orElseGet(PolicyTime::noCodec);
    }

    private static int position(Manifest.Segment segment, String name) {
      for (int i = 0; i < segment.columns().size(); i++) {
        if (segment.columns().get(i).name().equals(name)) {
          return i;
        }
      }
      return -1;
    }

    boolean holds(Row row) {
      if (at < 0) {
        return true;
      }
      codec.read(row, at, Instant.MAX, Instant.MAX);
      Instant time = codec.instant();
      return from.filter(time::isBefore).isEmpty()
          && to.filter(end -> !time.isBefore(end)).isEmpty();
    }
  }
}

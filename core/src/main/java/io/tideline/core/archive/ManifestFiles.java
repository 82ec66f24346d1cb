package io.tideline.core.archive;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.RowRanges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The files of one manifest, each checked against it. */
final class ManifestFiles {
  private final Path folder;
  private final String number;

  ManifestFiles(Path folder, String number) {
    this.folder = folder;
    this.number = number;
  }

  /**
   * Reads them.
   *
   * @param names the names in the folder
   * @param open the restores that did not come to their end
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if one is damaged, or tells of other segments
   *     or rows than the manifest has
   */
  ManifestEntry read(List<String> names, List<Intent> open) {
    Path file = folder.resolve(number + Manifest.ENDING);
    Manifest manifest = MetadataFiles.read(file, Manifest.class).orElseThrow();
    if (!folder.endsWith(manifest.run())
        || !Manifest.numberText(manifest.number()).equals(number)) {
      throw wrong(file, "it is the manifest " + manifest.name());
    }
    List<Restored> restored = new ArrayList<>();
    for (String name : names) {
      if (name.startsWith(number + ".restored-") && name.endsWith(".json")) {
        Path path = folder.resolve(name);
        Restored each = MetadataFiles.read(path, Restored.class).orElseThrow();
        check(path, manifest.segments(), each.segments());
        if (each.detached() != null) {
          check(path, manifest.detached(), each.detached());
        }
        restored.add(each);
      }
    }
    Path path = folder.resolve(number + Outcome.ENDING);
    Optional<Outcome> outcome = MetadataFiles.read(path, Outcome.class);
    outcome.ifPresent(
        closed ->
            check(
                path,
                manifest.segments(),
                closed.segments().stream().map(ManifestFiles::all).toList()));
    return new ManifestEntry(manifest, outcome, restored, restoring(manifest, open));
  }

  private List<Intent> restoring(Manifest manifest, List<Intent> open) {
    List<Intent> restoring =
        open.stream().filter(intent -> intent.manifests().contains(manifest.name())).toList();
    for (Intent intent : restoring) {
      Path path = folder.resolveSibling(intent.restore()).resolve("intent.json");
      intent.rows(manifest.name()).ifPresent(rows -> check(path, manifest.segments(), rows));
      intent.detached(manifest.name()).ifPresent(rows -> check(path, manifest.detached(), rows));
    }
    return restoring;
  }

  private static RowRanges all(Outcome.OfSegment segment) {
    return segment.gone().or(segment.changed()).or(segment.kept()).or(segment.differs());
  }

  private static void check(Path file, List<Manifest.Segment> segments, List<RowRanges> rows) {
    if (rows.size() != segments.size()) {
      throw wrong(
          file, "it tells of " + rows.size() + " segments, the manifest has " + segments.size());
    }
    for (int i = 0; i < rows.size(); i++) {
      int[][] ranges = rows.get(i).ranges();
      long has = segments.get(i).rows();
      if (ranges.length > 0 && ranges[ranges.length - 1][1] >= has) {
        throw wrong(
            file,
            "it tells of row "
                + ranges[ranges.length - 1][1]
                + ", the segment has the rows 0 to "
                + (has - 1));
      }
    }
  }

  private static TidelineException wrong(Path file, String why) {
    return new TidelineException(
        ErrorCode.ARCHIVE_CORRUPT,
        "Cannot trust " + file + ": " + why + ".",
        "Nothing was changed.",
        "Bring the file back from a copy of the archive; run `tideline verify` to see what else is"
            + " damaged.");
  }
}

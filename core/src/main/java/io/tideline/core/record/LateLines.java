package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the archive holds and the record does not tell, because a run was killed in between or an
 * earlier version wrote it.
 */
final class LateLines {
  private final ArchiveFolder archive;
  private final Set<String> sealed = new HashSet<>();
  private final Set<String> closed = new HashSet<>();
  private final Set<String> swept = new HashSet<>();
  private final Map<Long, Entry.Taking> open = new LinkedHashMap<>();

  LateLines(ArchiveFolder archive) {
    this.archive = archive;
  }

  /** Hears of a line of the record. */
  void line(RecordLine line) {
    line.entry().ifPresent(entry -> entry(line.number(), entry));
  }

  private void entry(long number, Entry entry) {
    if (entry instanceof Entry.Sealed each) {
      sealed.add(each.manifest());
    } else if (entry instanceof Entry.Closed each) {
      closed.add(each.manifest());
    } else if (entry instanceof Entry.Swept each) {
      swept.add(each.run());
    } else if (entry instanceof Entry.Taking each) {
      open.put(number, each);
    } else if (entry instanceof Entry.Took each) {
      open.remove(each.line());
    } else if (entry instanceof Entry.Lost each) {
      lost(each.file());
    }
  }

  /** What was accepted as lost and is there again, or another, is told of anew. */
  private void lost(String file) {
    archive.manifestNames().stream()
        .filter(name -> relative(archive.manifestFile(name)).equals(file))
        .forEach(sealed::remove);
    closed.removeIf(name -> relative(archive.outcomeFile(name)).equals(file));
    swept.removeIf(run -> relative(removals(archive, run)).equals(file));
  }

  /** Hears of an outcome that is written again. */
  void written(Entry.Closed outcome) {
    if (!sha256(archive.outcomeFile(outcome.manifest())).equals(outcome.sha256())) {
      closed.remove(outcome.manifest());
    }
  }

  private String relative(Path file) {
    return archive.root().relativize(file).toString();
  }

  /** The lines that are missing. */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>();
    open.forEach(
        (number, taking) ->
            entries.add(
                new Entry.Took(
                    taking.run(),
                    taking.policy(),
                    number,
                    Entry.Took.INTERRUPTED,
                    OptionalLong.empty())));
    for (String name : archive.manifestNames()) {
      boolean over = Files.exists(archive.outcomeFile(name));
      if (!sealed.contains(name) || over && !closed.contains(name)) {
        add(name, entries);
      }
    }
    for (String run : archive.runs()) {
      if (!swept.contains(run) && Files.exists(removals(archive, run))) {
        entries.add(swept(archive, run, true));
      }
    }
    return entries;
  }

  private void add(String name, List<Entry> entries) {
    ManifestEntry entry = archive.manifest(name, List.of());
    Manifest manifest = entry.manifest();
    if (!sealed.contains(name)) {
      entries.add(Entry.Sealed.of(manifest, sha256(archive.manifestFile(name)), "", true));
    }
    if (!closed.contains(name)) {
      entry
          .outcome()
          .ifPresent(
              outcome ->
                  entries.add(
                      Entry.Closed.of(manifest, outcome, sha256(archive.outcomeFile(name)), true)));
    }
  }

  /** What sealed the record of a sweep. */
  static Path removals(ArchiveFolder archive, String sweep) {
    return archive.runFolder(sweep).resolve("payloads.json");
  }

  private record Removals(String folder, long files, long bytes) {}

  /** The line of a sweep whose own record is sealed. */
  static Entry.Swept swept(ArchiveFolder archive, String sweep, boolean late) {
    Path file = removals(archive, sweep);
    try {
      Removals of = Json.read(Files.readString(file), Removals.class, file.toString());
      return new Entry.Swept(
          sweep, of.folder(), SegmentFile.sha256(file), of.files(), of.bytes(), late);
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  private static String sha256(Path path) {
    try {
      return SegmentFile.sha256(path);
    } catch (IOException e) {
      throw ArchiveFailure.reading(path, e);
    }
  }
}

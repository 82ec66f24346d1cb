package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Manifest;
import io.tideline.run.RecordHead;
import io.tideline.run.RunReport;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The lines of the record that other files of the archive name by number and digest. */
final class NotedHeads {
  private static final int NEWEST = 16;

  private final ArchiveFolder archive;

  NotedHeads(ArchiveFolder archive) {
    this.archive = archive;
  }

  /** A line that something names, and what that is. */
  record Noted(RecordHead head, String where) {}

  /**
   * What the newest runs note, which stands for all lines before. A clock may have been set back,
   * so it is not the last run alone.
   */
  Compared newest() {
    List<String> runs = archive.runs();
    return new Compared(
        runs.subList(Math.max(0, runs.size() - NEWEST), runs.size()).stream()
            .flatMap(this::of)
            .toList());
  }

  /**
   * Every line that is noted.
   *
   * @param manifests the manifests that can be read
   * @param reports the reports that can be read
   */
  static Compared all(List<Manifest> manifests, List<RunReport> reports) {
    return new Compared(
        Stream.concat(
                manifests.stream().flatMap(each -> noted(each).stream()),
                reports.stream().flatMap(each -> noted(each).stream()))
            .toList());
  }

  /** The lines noted. */
  static List<RecordHead> heads(List<Manifest> manifests, List<RunReport> reports) {
    return all(manifests, reports).noted.stream().map(Noted::head).toList();
  }

  /** A report comes last, and stands for the manifests of its run. */
  private Stream<Noted> of(String run) {
    Optional<Noted> report = archive.report(run).flatMap(NotedHeads::noted);
    return report.isPresent()
        ? report.stream()
        : archive.manifestNames(run).stream()
            .flatMap(name -> noted(archive.manifest(name, List.of()).manifest()).stream());
  }

  private static Optional<Noted> noted(Manifest manifest) {
    return manifest.recordHead().map(head -> new Noted(head, "the manifest " + manifest.name()));
  }

  private static Optional<Noted> noted(RunReport report) {
    return report.recordHead().map(head -> new Noted(head, "the report of " + report.run()));
  }

  /** Noted lines, compared with those of a record as it is read. */
  static final class Compared {
    private final List<Noted> noted;
    private final Set<Long> wanted = new HashSet<>();
    private final Map<Long, String> found = new HashMap<>();

    Compared(List<Noted> noted) {
      this.noted = noted;
      noted.forEach(each -> wanted.add(each.head().number()));
    }

    /** Hears of a line of the record. */
    void line(RecordLine line) {
      if (wanted.contains(line.number())) {
        found.put(line.number(), line.sha256());
      }
    }

    /** What does not agree, one sentence each. */
    List<String> problems(Path file, RecordFile.Found record) {
      long lost = record.after().map(RecordHead::number).orElse(0L);
      return noted.stream()
          .filter(each -> each.head().number() > lost)
          .flatMap(each -> problem(file, record, each).stream())
          .toList();
    }

    /** As {@link #problems}, those lines included that were accepted as lost. */
    List<String> allProblems(Path file, RecordFile.Found record) {
      return noted.stream().flatMap(each -> problem(file, record, each).stream()).toList();
    }

    private Optional<String> problem(Path file, RecordFile.Found record, Noted each) {
      long number = each.head().number();
      if (record.lines() == 0) {
        return Optional.of(
            "Cannot find the record %s: %s notes line %s of it."
                .formatted(file, each.where(), number));
      }
      String sha256 = found.get(number);
      if (sha256 == null) {
        return Optional.of(
            "Cannot trust %s: line %s is missing, which %s notes; it has the lines %s to %s."
                .formatted(
                    file,
                    number,
                    each.where(),
                    record.after().map(RecordHead::number).orElse(0L) + 1,
                    record.head().map(RecordHead::number).orElse(0L)));
      }
      return sha256.equals(each.head().sha256())
          ? Optional.empty()
          : Optional.of(
              "Cannot trust %s: line %s or one before it is not what was written there, for %s notes another digest of it."
                  .formatted(file, number, each.where()));
    }
  }
}

package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.ArchiveIdentity;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RecordHead;
import io.tideline.run.RecordReport;
import io.tideline.run.RecordedLine;
import io.tideline.run.RunReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Checks the record of an archive: its chain, the lines noted elsewhere, and what it tells of. */
public final class RecordCheck {
  private final ArchiveFolder archive;

  /** The record of an archive. */
  public RecordCheck(ArchiveFolder archive) {
    this.archive = archive;
  }

  /**
   * Gives each line that can be read to the sink, in their order.
   *
   * @return where the chain is broken, one sentence each; empty if it is whole
   */
  public List<String> lines(Consumer<RecordedLine> sink) {
    Map<String, String> policies = new HashMap<>();
    return new RecordFile(archive)
        .read(
            line -> {
              if (line.entry().orElse(null) instanceof Entry.Sealed sealed) {
                policies.put(sealed.manifest(), sealed.policy());
              }
              sink.accept(line.told(policy(line, policies)));
            })
        .problems();
  }

  /** The policy at work; of an outcome that of its manifest. */
  private static String policy(RecordLine line, Map<String, String> policies) {
    return line.entry().orElse(null) instanceof Entry.Closed closed
        ? policies.getOrDefault(closed.manifest(), "")
        : line.entry().map(Entry::policy).orElse("");
  }

  /**
   * Checks all of it.
   *
   * @param noted a line that somebody noted elsewhere
   */
  public RecordReport check(Optional<RecordHead> noted) {
    RecordReport report = new Checking(noted).report();
    return report.problems().isEmpty()
        ? report
        : new Checking(noted).report(); // a run may have written between two looks
  }

  /** One look. */
  private final class Checking {
    private final List<Manifest> manifests = new ArrayList<>();
    private final List<RunReport> reports = new ArrayList<>();
    private final Map<Path, Manifest> closed = new HashMap<>();
    private final NotedHeads.Compared noted;
    private final NotedHeads.Compared byPerson;
    private final ToldFiles files = new ToldFiles(archive);
    private final Map<Long, Entry.Taking> open = new TreeMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> pending = new ArrayList<>();

    Checking(Optional<RecordHead> person) {
      for (String name : archive.manifestNames()) {
        reading(() -> Optional.of(archive.manifest(name, List.of()))).ifPresent(this::take);
      }
      archive.runs().forEach(run -> reading(() -> archive.report(run)).ifPresent(reports::add));
      noted = NotedHeads.all(manifests, reports);
      byPerson =
          new NotedHeads.Compared(
              person.stream().map(head -> new NotedHeads.Noted(head, "--head")).toList());
    }

    private void take(ManifestEntry entry) {
      manifests.add(entry.manifest());
      if (entry.closed()) {
        closed.put(archive.outcomeFile(entry.manifest().name()), entry.manifest());
      }
    }

    /** What cannot be read is told by its digest, or by the rest of `verify`. */
    private <T> Optional<T> reading(Supplier<Optional<T>> reading) {
      try {
        return reading.get();
      } catch (TidelineException e) {
        if (e.code() != ErrorCode.ARCHIVE_CORRUPT) {
          throw e;
        }
        return Optional.empty();
      }
    }

    RecordReport report() {
      RecordFile record = new RecordFile(archive);
      RecordFile.Found found = record.read(this::line);
      problems.addAll(found.problems());
      problems.addAll(noted.problems(record.path(), found));
      problems.addAll(byPerson.allProblems(record.path(), found));
      files.differences().forEach(each -> problems.add(each.problem()));
      if (found.lines() > 0) {
        manifests.forEach(this::told);
        closed.forEach(this::told);
        archive.runs().forEach(this::swept);
      } else if (!manifests.isEmpty()) {
        pending.add("There is no record yet: the next run begins it.");
      }
      if (found.torn() > 0) {
        pending.add("The last line was cut off as it was written; the next run removes it.");
      }
      open.forEach(
          (number, taking) ->
              pending.add(
                  "Line %s tells that up to %s rows of %s were about to go, and none tells how many went: the run goes on, or was interrupted."
                      .formatted(number, taking.most(), taking.table())));
      return new RecordReport(found.lines(), found.head(), problems, pending);
    }

    private void line(RecordLine line) {
      noted.line(line);
      byPerson.line(line);
      files.line(line);
      line.entry().ifPresent(entry -> entry(line.number(), entry));
    }

    private void entry(long number, Entry entry) {
      if (entry instanceof Entry.Begun begun) {
        archive
            .identity()
            .map(ArchiveIdentity::id)
            .filter(id -> !id.equals(begun.archive()))
            .ifPresent(
                id ->
                    problems.add(
                        "Cannot trust %s: it is the record of the archive %s, and this is %s."
                            .formatted(new RecordFile(archive).path(), begun.archive(), id)));
      } else if (entry instanceof Entry.Taking taking) {
        open.put(number, taking);
      } else if (entry instanceof Entry.Took took) {
        open.remove(took.line());
      }
    }

    private void told(Manifest manifest) {
      Path file = archive.manifestFile(manifest.name());
      if (!files.has(file)) {
        untold(file, manifest.recordHead().isEmpty() || unfinished(manifest.run()));
      }
    }

    private void told(Path outcome, Manifest manifest) {
      if (!files.has(outcome)) {
        String run = archive.manifest(manifest.name(), List.of()).outcome().orElseThrow().run();
        untold(outcome, manifest.recordHead().isEmpty() || unfinished(run));
      }
    }

    private void swept(String run) {
      Path file = LateLines.removals(archive, run);
      if (Files.exists(file) && !files.has(file)) {
        untold(file, true);
      }
    }

    private void untold(Path file, boolean late) {
      if (late) {
        pending.add("The record does not tell of " + file + " yet; the next run adds it.");
      } else {
        problems.add(
            "Cannot trust %s: no line tells of %s, whose run came to its end."
                .formatted(new RecordFile(archive).path(), file));
      }
    }

    /** A run that goes on or was interrupted may not have written its last line. */
    private boolean unfinished(String run) {
      return reports.stream()
          .filter(each -> each.run().equals(run))
          .map(RunReport::exit)
          .noneMatch(exit -> exit == ExitCode.DONE || exit == ExitCode.ROWS_LEFT);
    }
  }
}

package io.tideline.core.view;

import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Formats;
import io.tideline.core.archive.HoldBook;
import io.tideline.core.archive.Intent;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.archive.SegmentFile;
import io.tideline.core.archive.Strays;
import io.tideline.core.payload.RemovalRecords;
import io.tideline.core.record.RecordCheck;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import io.tideline.run.VerifyReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads sealed segments again and compares every digest. */
public final class Verification {
  private static final int STRIDE = 10_000;
  private static final Pattern MANIFEST = Pattern.compile("\\d{8}T\\d{9}Z-[0-9a-f]{6}/\\d{4,}");

  private final ArchiveFolder archive;
  private final Formats formats;
  private final RunListener listener;
  private final List<String> problems = new ArrayList<>();
  private final List<String> inDoubt = new ArrayList<>();
  private int segments;
  private long rows;
  private long bytes;

  /**
   * A verification of an archive.
   *
   * @param known what is known to be wrong already
   */
  public Verification(
      ArchiveFolder archive, Formats formats, RunListener listener, List<String> known) {
    this.archive = archive;
    this.formats = formats;
    this.listener = listener;
    problems.addAll(known);
  }

  /**
   * Verifies everything, or one run, manifest or segment.
   *
   * @param name a run's id, {@code run/number} or {@code run/file}
   * @throws TidelineException {@code RUN_UNKNOWN} if nothing has that name
   */
  public VerifyReport verify(Optional<String> name) {
    List<String> runs = archive.runs();
    boolean known = name.isPresent() && runs.stream().anyMatch(name.get()::startsWith);
    Predicate<String> wanted = each -> !known || name.orElseThrow().startsWith(each);
    List<Intent> open = open();
    List<ManifestEntry> read = new ArrayList<>();
    for (String manifest : archive.manifestNames()) {
      if (wanted.test(manifest.substring(0, manifest.indexOf('/')))) {
        trying(() -> read.add(archive.manifest(manifest, open)));
      }
    }
    List<ManifestEntry> chosen = read.stream().filter(entry -> matches(entry, name)).toList();
    problems.addAll(
        new Strays(archive).problems(name, read.stream().map(ManifestEntry::manifest).toList()));
    runs.stream().filter(wanted).forEach(this::reports);
    trying(() -> new HoldBook(archive.root(), archive.storage()).inForce(Instant.EPOCH));
    problems.addAll(new RemovalRecords(archive).problems(name));
    if (name.isEmpty()) {
      record();
    }
    if (chosen.isEmpty() && name.isPresent() && (problems.isEmpty() || !known)) {
      throw new TidelineException(
          ErrorCode.RUN_UNKNOWN,
          "Cannot find a run or segment named '" + name.get() + "' in " + archive.root() + ".",
          "Nothing was changed.",
          "`tideline archives` lists them.");
    }
    long expected =
        chosen.stream()
            .flatMap(entry -> entry.manifest().files().stream())
            .mapToLong(Manifest.Segment::rows)
            .sum();
    listener.on(new RunEvent.Began("verify", expected));
    for (ManifestEntry entry : chosen) {
      verify(entry, name);
    }
    return new VerifyReport(segments, rows, bytes, problems, inDoubt);
  }

  /** What the record says of a manifest that is told of already is no news. */
  private void record() {
    for (String problem : new RecordCheck(archive).check(Optional.empty()).problems()) {
      Matcher manifest = MANIFEST.matcher(problem);
      if (!manifest.find() || problems.stream().noneMatch(p -> p.contains(manifest.group()))) {
        problems.add(problem);
      }
    }
  }

  private List<Intent> open() {
    try {
      return archive.openIntents();
    } catch (TidelineException e) {
      return List.of(); // what is damaged is told of each run
    }
  }

  private void reports(String run) {
    trying(() -> archive.report(run));
    trying(() -> archive.intent(run));
  }

  /** Takes damage as a problem, so that the rest is verified too. */
  private void trying(Runnable reading) {
    try {
      reading.run();
    } catch (TidelineException e) {
      if (e.code() != ErrorCode.ARCHIVE_CORRUPT && e.code() != ErrorCode.HOLD_UNREADABLE) {
        throw e;
      }
      problems.add(e.what());
    }
  }

  private static boolean matches(ManifestEntry entry, Optional<String> name) {
    return name.isEmpty()
        || entry.manifest().run().equals(name.get())
        || entry.manifest().name().equals(name.get())
        || entry.manifest().files().stream().anyMatch(s -> matches(entry, s, name.get()));
  }

  private static boolean matches(ManifestEntry entry, Manifest.Segment segment, String name) {
    return (entry.manifest().run() + "/" + segment.file()).equals(name)
        || segment.file().equals(name);
  }

  private void verify(ManifestEntry entry, Optional<String> name) {
    Manifest manifest = entry.manifest();
    boolean whole =
        name.isEmpty() || manifest.run().equals(name.get()) || manifest.name().equals(name.get());
    for (Manifest.Segment segment : manifest.files()) {
      if (!whole && !matches(entry, segment, name.orElseThrow())) {
        continue;
      }
      segments++;
      if (!entry.settled()) {
        inDoubt.add(manifest.run() + "/" + segment.file());
      }
      try {
        read(manifest, segment);
      } catch (TidelineException e) {
        problems.add(e.what());
      }
    }
  }

  private void read(Manifest manifest, Manifest.Segment segment) {
    new SegmentFile(archive.file(manifest, segment), segment, formats.named(segment.format()))
        .verify(
            (ordinal, row, digest) -> {
              if (ordinal % STRIDE == STRIDE - 1) {
                listener.on(new RunEvent.Progressed(0, STRIDE));
              }
            });
    rows += segment.rows();
    bytes += segment.bytes();
    listener.on(new RunEvent.Progressed(0, segment.rows() % STRIDE));
  }
}

package io.tideline.core.ledger;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.core.archive.Json;
import io.tideline.core.archive.Storage;
import io.tideline.run.RunReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The reports of a database's runs, one JSON line each: a cache of what the archive holds, in the
 * folder of the state. Whatever is wrong with it, it is made anew.
 */
public final class Ledger {
  private final Path state;
  private final Path file;
  private final ArchiveFolder archive;
  private final Storage storage;

  /** The ledger in a folder. */
  public Ledger(Path state, ArchiveFolder archive) {
    this.state = state;
    this.file = state.resolve("ledger.jsonl");
    this.archive = archive;
    this.storage = archive.storage();
  }

  /**
   * The reports, oldest first; made anew from the archive if the ledger is missing, damaged or
   * behind.
   */
  public List<RunReport> reports() {
    List<RunReport> known = read();
    long runs = archive.reportNames().size();
    return known.size() == runs ? known : archive.reports();
  }

  /** Whether it tells of any run. */
  public boolean knowsRuns() {
    return !read().isEmpty();
  }

  /** Writes the ledger anew from the archive. */
  public List<RunReport> rebuild() {
    List<RunReport> reports = archive.reports();
    StringBuilder lines = new StringBuilder();
    reports.forEach(report -> lines.append(Json.line(report)));
    Path temporary = file.resolveSibling("ledger.jsonl.tmp");
    try {
      storage.createFolder(state);
      storage.delete(temporary);
      try (OutputStream out = storage.create(temporary)) {
        out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      }
      storage.replace(temporary, file);
    } catch (IOException e) {
      throw ArchiveFailure.writing(file, e);
    }
    return reports;
  }

  private List<RunReport> read() {
    try {
      return Files.readAllLines(file).stream()
          .map(line -> Json.read(line, RunReport.class, file.toString()))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException | RuntimeException e) {
      return List.of(); // only a cache: the archive tells
    }
  }
}

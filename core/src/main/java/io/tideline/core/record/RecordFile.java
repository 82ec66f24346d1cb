package io.tideline.core.record;

import io.tideline.core.archive.ArchiveFailure;
import io.tideline.core.archive.ArchiveFolder;
import io.tideline.error.TidelineException;
import io.tideline.run.RecordHead;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads {@code record.jsonl} of an archive, and checks its chain. */
final class RecordFile {
  static final String NAME = "record.jsonl";
  private static final int PROBLEMS = 20;

  private final Path file;

  RecordFile(ArchiveFolder archive) {
    this.file = archive.root().resolve(NAME);
  }

  /** The file. */
  Path path() {
    return file;
  }

  boolean exists() {
    return Files.exists(file);
  }

  /**
   * What a reading found.
   *
   * @param lines the lines
   * @param after what the first line says of an earlier record
   * @param head the last line
   * @param length the bytes of the whole lines
   * @param torn the bytes after them: a line that a kill cut off
   * @param problems where the chain is broken, one sentence each
   */
  record Found(
      long lines,
      Optional<RecordHead> after,
      Optional<RecordHead> head,
      long length,
      long torn,
      List<String> problems) {}

  /**
   * Reads it; every line that can be read is told.
   *
   * @throws TidelineException {@code ARCHIVE_CORRUPT} if the file cannot be read
   */
  Found read(Consumer<RecordLine> told) {
    Reading reading = new Reading(told);
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int c = in.read(); c >= 0; c = in.read()) {
        line.write(c);
        if (c == '\n') {
          reading.line(line.toByteArray());
          line.reset();
        }
      }
      return reading.found(line.size());
    } catch (NoSuchFileException e) {
      return reading.found(0);
    } catch (IOException e) {
      throw ArchiveFailure.reading(file, e);
    }
  }

  /** One reading under way. */
  private final class Reading {
    private final Consumer<RecordLine> told;
    private final List<String> problems = new ArrayList<>();
    private @Nullable RecordLine last;
    private Optional<RecordHead> after = Optional.empty();
    private long lines;
    private long length;

    Reading(Consumer<RecordLine> told) {
      this.told = told;
    }

    void line(byte[] bytes) {
      lines++;
      length += bytes.length;
      RecordLine line;
      try {
        line = RecordLine.read(bytes, file + ", the " + lines + ". line from its start");
      } catch (TidelineException e) {
        problem(e.what());
        return;
      }
      check(line);
      last = line;
      told.accept(line);
    }

    private void check(RecordLine line) {
      RecordLine before = last;
      if (before == null) {
        first(line);
      } else if (line.number() != before.number() + 1) {
        problem(
            "Cannot trust %s: after line %s comes line %s; what was between is missing, or the lines have another order."
                .formatted(file, before.number(), line.number()));
      } else if (!line.start().previous().equals(before.sha256())) {
        problem(
            "Cannot trust %s: line %s is not what was written there, or line %s is not: their digests do not meet."
                .formatted(file, before.number(), line.number()));
      }
    }

    private void first(RecordLine line) {
      after = line.after();
      long number = after.map(RecordHead::number).orElse(0L) + 1;
      String previous = after.map(RecordHead::sha256).orElse(RecordLine.NOTHING);
      boolean begins = line.entry().filter(Entry.Begun.class::isInstance).isPresent();
      if (!begins || line.number() != number || !line.start().previous().equals(previous)) {
        problem(
            "Cannot trust %s: it begins with line %s, and what was before is missing."
                .formatted(file, line.number()));
      }
    }

    private void problem(String text) {
      if (problems.size() < PROBLEMS) {
        problems.add(text);
      }
    }

    Found found(long torn) {
      return new Found(
          lines,
          after,
          Optional.ofNullable(last).map(RecordLine::head),
          length,
          torn,
          List.copyOf(problems));
    }
  }
}

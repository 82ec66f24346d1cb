package io.tideline.maintenance.inspect;

import io.tideline.core.archive.Json;
import io.tideline.core.archive.Storage;
import io.tideline.dialect.UnseenException;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What earlier inspections saw: a file of one line each beside the ledger. One line an hour stays,
 * of what is older than a week one a day, and of each database never more than {@value #MOST}.
 */
final class Memory {
  static final int MOST = 400;

  /** Tables that a line tells of, the largest. */
  static final int TABLES = 200;

  private static final Duration DENSE = Duration.ofDays(7);

  private final Path folder;
  private final Path file;
  private final Storage storage = new Storage();

  Memory(Path state) {
    this.folder = state;
    this.file = state.resolve("inspections.jsonl");
  }

  /**
   * One inspection.
   *
   * @param at when
   * @param database which database, so that another one's growth is not taken for this one's
   * @param bytes the bytes in use
   * @param tables the bytes of its largest tables
   * @param unused since when each index is seen unused; absent in lines of older versions
   */
  record Line(
      Instant at,
      String database,
      long bytes,
      Map<String, Long> tables,
      Optional<Map<String, Instant>> unused) {
    Line(Instant at, String database, long bytes, Map<String, Long> tables) {
      this(at, database, bytes, tables, Optional.empty());
    }

    /** This one, with what a later one knows of indexes: one may have been read meanwhile. */
    Line knowing(Line later) {
      return later.unused().isPresent()
          ? new Line(at, database, bytes, tables, later.unused())
          : this;
    }
  }

  /** The lines of one database, oldest first. What cannot be read is no line. */
  List<Line> of(String database) {
    return all().stream().filter(line -> line.database().equals(database)).toList();
  }

  private List<Line> all() {
    List<Line> lines = new ArrayList<>();
    try {
      for (String text : Files.readAllLines(file)) {
        try {
          lines.add(Json.read(text, Line.class, file.toString()));
        } catch (TidelineException e) {
          continue; // only a memory: what is left of it serves
        }
      }
    } catch (NoSuchFileException e) {
      return lines;
    } catch (IOException e) {
      return lines;
    }
    return lines;
  }

  /**
   * Adds a line.
   *
   * @throws UnseenException if the folder cannot be written to
   */
  void add(Line line) {
    List<Line> lines = all();
    lines.add(line);
    StringBuilder text = new StringBuilder();
    thinned(lines, line.at()).forEach(each -> text.append(Json.line(each)));
    Path temporary = file.resolveSibling("inspections.jsonl.tmp");
    try {
      storage.createFolder(folder);
      storage.delete(temporary);
      try (OutputStream out = storage.create(temporary)) {
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
      }
      storage.replace(temporary, file);
    } catch (IOException e) {
      throw new UnseenException("the sizes cannot be kept in " + file + ": " + e, e);
    }
  }

  private static List<Line> thinned(List<Line> lines, Instant now) {
    Map<String, Line> spans = new LinkedHashMap<>();
    for (Line line : lines) {
      spans.merge(line.database() + " " + span(line.at(), now), line, Line::knowing);
    }
    List<Line> kept = new ArrayList<>(spans.values());
    Map<String, Integer> counts = new HashMap<>();
    List<Line> newest = new ArrayList<>();
    for (int i = kept.size() - 1; i >= 0; i--) {
      if (counts.merge(kept.get(i).database(), 1, Integer::sum) <= MOST) {
        newest.add(0, kept.get(i));
      }
    }
    return newest;
  }

  /** Of each span the first line stays: what was kept once is kept the next time too. */
  private static String span(Instant at, Instant now) {
    boolean dense = Duration.between(at, now).compareTo(DENSE) < 0;
    return at.truncatedTo(dense ? ChronoUnit.HOURS : ChronoUnit.DAYS) + (dense ? " hour" : " day");
  }
}

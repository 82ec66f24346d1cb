package io.tideline.core.archive;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.SourceIdentity;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.TimeColumn;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was sealed: from the moment this file has its name, its segments' rows are safe.
 *
 * @param version the version of the archive's form, now 1
 * @param archive the id of the archive
 * @param source the database that the rows are of
 * @param run the run that sealed it
 * @param number its number within the run, from 1
 * @param sealedAt when it was sealed
 * @param policy the policy that selected the rows; empty for rows that a restore replaced
 * @param cutoff the cutoff they were older than; empty if a key selected them
 * @param catalogueVersion the catalogue's version; a hidden key names rows only while it is
 *     unchanged
 * @param segments its segments
 * @param detached what columns held that became NULL when the rows went: key and columns of rows of
 *     other tables, which are no part of the view
 * @param stepwise whether the rows go in several transactions: until it is closed, a part of them
 *     may be missing whose root is live
 */
public record Manifest(
    int version,
    String archive,
    SourceIdentity source,
    String run,
    int number,
    Instant sealedAt,
    String policy,
    Optional<Instant> cutoff,
    String catalogueVersion,
    List<Segment> segments,
    @Nullable List<Segment> detached,
    @Nullable Boolean stepwise) {
  /** The version that this code writes, and the newest that it reads. */
  public static final int VERSION = 1;

  /** What a manifest's file has after its number. */
  static final String ENDING = ".manifest.json";

  /** Copies the lists; an older manifest has only the first. One of them names a file. */
  public Manifest {
    segments = List.copyOf(segments);
    detached = detached == null ? List.of() : List.copyOf(detached);
    stepwise = Boolean.TRUE.equals(stepwise);
    if (segments.isEmpty() && detached.isEmpty()) {
      throw new IllegalArgumentException("it names no segment");
    }
  }

  @Override
  public List<Segment> detached() {
    return detached == null ? List.of() : detached;
  }

  @Override
  public Boolean stepwise() {
    return Boolean.TRUE.equals(stepwise);
  }

  /** Every file that it names. */
  public List<Segment> files() {
    return Stream.concat(segments.stream(), detached().stream()).toList();
  }

  /** Its name: the run, a slash, and the number in four digits. */
  public String name() {
    return run + "/" + numberText(number);
  }

  /** A number as it stands in names, in four digits or more, whatever the locale. */
  public static String numberText(int number) {
    return String.format(Locale.ROOT, "%04d", number);
  }

  /**
   * One file of rows of one table.
   *
   * @param file the file's name within the run's folder
   * @param format the format's name
   * @param table the table
   * @param fingerprint the table's fingerprint
   * @param definition the statement that made the table, where known
   * @param columns the values of each row, in order; the hidden key first, if there is one
   * @param hiddenKey whether the first column is a hidden key
   * @param key the columns that name a row
   * @param time where the rows' time stands, if the policy reads one
   * @param encoding how it is written
   * @param rows the number of rows
   * @param bytes the bytes of the file
   * @param sha256 the SHA-256 of the file
   * @param digest the running digest of the rows' digests, in order; hidden keys are not part of it
   * @param exceptions how many values of each column stand among the exact values
   * @param oldest the oldest time
   * @param newest the newest time
   */
  public record Segment(
      String file,
      String format,
      TableName table,
      String fingerprint,
      String definition,
      List<SegmentColumn> columns,
      boolean hiddenKey,
      List<String> key,
      Optional<TimeColumn> time,
      Optional<TimeEncoding> encoding,
      long rows,
      long bytes,
      String sha256,
      String digest,
      Map<String, Long> exceptions,
      Optional<Instant> oldest,
      Optional<Instant> newest) {
    /** Copies the lists. */
    public Segment {
      columns = List.copyOf(columns);
      key = List.copyOf(key);
      exceptions = Map.copyOf(exceptions);
    }

    /** What the segment's rows hold. */
    public SegmentSchema schema() {
      return new SegmentSchema(table.toString(), columns);
    }

    /** Where the key stands in each row. */
    public int[] keyPositions() {
      List<String> names = columns.stream().map(SegmentColumn::name).toList();
      return key.stream().mapToInt(names::indexOf).toArray();
    }

    /** The position of the first value that is part of a row's digest. */
    public int digestFrom() {
      return hiddenKey ? 1 : 0;
    }
  }
}

package io.tideline.core.archive;

import io.tideline.archive.SegmentColumn;
import io.tideline.archive.SegmentSchema;
import io.tideline.catalogue.Partition;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.SourceIdentity;
import io.tideline.plan.TimeEncoding;
import io.tideline.policy.TimeColumn;
import io.tideline.run.RecordHead;
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
 * @param tree how the rows of its trees hang together; null where each row went by itself
 * @param partition the partition that the rows are of, if it was to go whole
 * @param record the last line of the deletion record when it was sealed; earlier versions had none
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
    @Nullable Boolean stepwise,
    @Nullable Tree tree,
    Optional<Partition> partition,
    @Nullable RecordHead record) {
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
    if (tree != null && tree.detached().size() != detached.size()) {
      throw new IllegalArgumentException("it does not tell what was detached");
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

  /** The last line of the deletion record when it was sealed, if it says. */
  public Optional<RecordHead> recordHead() {
    return Optional.ofNullable(record);
  }

  /** How the rows of its trees hang together; empty where each row went by itself. */
  public Optional<Tree> trees() {
    return Optional.ofNullable(tree);
  }

  /** The reference that a file of detached values is about; empty if it is not known. */
  public Optional<Link> link(int detachedFile) {
    return trees().map(each -> each.links().get(each.detached().get(detachedFile)));
  }

  /** Where the rows of a table stand among the segments; -1 if none does. */
  public int segmentOf(TableName table) {
    return segments.stream().map(Segment::table).toList().indexOf(table);
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
   * How rows of trees hang together.
   *
   * @param root the table of the roots
   * @param name the columns by which a person names a root
   * @param links over which references rows of the tables were found
   * @param detached for each file of detached values the number of its link, from 0
   */
  public record Tree(TableName root, List<String> name, List<Link> links, List<Integer> detached) {
    /** Copies the lists and checks the numbers. */
    public Tree {
      name = List.copyOf(name);
      links = List.copyOf(links);
      detached = List.copyOf(detached);
      int most = links.size();
      if (detached.stream().anyMatch(link -> link < 0 || link >= most)) {
        throw new IllegalArgumentException("it names a link that it does not have");
      }
    }
  }

  /**
   * A foreign key, or a relation that a configuration declared, between two tables of trees.
   *
   * @param from the table that refers
   * @param columns the referring columns
   * @param to the table referred to
   * @param toColumns the columns referred to, in the same order
   * @param on what became of a row that refers to one that went: {@code delete}, {@code detach} or
   *     {@code keep}
   */
  public record Link(
      TableName from, List<String> columns, TableName to, List<String> toColumns, String on) {
    /** The word of a reference with which rows go. */
    public static final String DELETE = "delete";

    /** The word of a reference that becomes NULL. */
    public static final String DETACH = "detach";

    /** The word of a reference that only orders rows. */
    public static final String KEEP = "keep";

    /** Copies the lists. */
    public Link {
      columns = List.copyOf(columns);
      toColumns = List.copyOf(toColumns);
    }

    /** The form for messages: {@code scores(trace_id)}. */
    public String display() {
      return from + "(" + String.join(", ", columns) + ")";
    }
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
      return positions(key);
    }

    /** Where columns stand in each row; -1 for one that it lacks. */
    public int[] positions(List<String> wanted) {
      List<String> names = columns.stream().map(SegmentColumn::name).toList();
      return wanted.stream().mapToInt(names::indexOf).toArray();
    }

    /** The position of the first value that is part of a row's digest. */
    public int digestFrom() {
      return hiddenKey ? 1 : 0;
    }
  }
}

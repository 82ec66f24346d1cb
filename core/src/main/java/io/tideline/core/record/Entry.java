package io.tideline.core.record;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Outcome;
import io.tideline.dialect.SourceIdentity;
import io.tideline.run.RecordHead;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** What one line of the record tells. */
public sealed interface Entry {
  /** The word of its kind. */
  default String kind() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** The run, restore or sweep that it is about; empty if none is. */
  default String run() {
    return "";
  }

  /** The policy at work; empty if none is. */
  default String policy() {
    return "";
  }

  /** What it is about, for a person. */
  String what();

  /** The rows or files that it tells of, if they are known. */
  default OptionalLong rows() {
    return OptionalLong.empty();
  }

  /**
   * The first line of a record.
   *
   * @param archive the id of its archive
   * @param source the database at that time
   * @param after the last line known of an earlier record that was lost
   */
  record Begun(String archive, SourceIdentity source, Optional<RecordHead> after) implements Entry {
    @Override
    public String what() {
      return after.map(lost -> "in place of a lost record, after line " + lost.number()).orElse("");
    }
  }

  /**
   * Rows are sealed, and may be removed from now on.
   *
   * @param manifest the manifest's name
   * @param sha256 the SHA-256 of its file
   * @param plan the digest of the plan; empty for a restore, and where it is not known
   * @param partition the partition that is to go whole
   * @param late whether a later run wrote the line
   */
  record Sealed(
      String run,
      String manifest,
      String sha256,
      String policy,
      String plan,
      Optional<Instant> cutoff,
      Optional<String> partition,
      List<File> files,
      boolean late)
      implements Entry {
    /** Copies the list. */
    public Sealed {
      files = List.copyOf(files);
    }

    static Sealed of(Manifest manifest, String sha256, String plan, boolean late) {
      return new Sealed(
          manifest.run(),
          manifest.name(),
          sha256,
          manifest.policy(),
          plan,
          manifest.cutoff(),
          manifest.partition().map(partition -> partition.name().toString()),
          manifest.files().stream()
              .map(each -> new File(each.file(), each.table() + "", each.rows(), each.sha256()))
              .toList(),
          late);
    }

    @Override
    public String what() {
      return manifest;
    }

    @Override
    public OptionalLong rows() {
      return OptionalLong.of(files.stream().mapToLong(File::rows).sum());
    }
  }

  /** A segment. */
  record File(String file, String table, long rows, String sha256) {}

  /**
   * It is known what became of sealed rows.
   *
   * @param run the run that closed the manifest
   * @param sha256 the SHA-256 of the outcome's file
   * @param late whether a later run wrote the line
   * @param outcome what the file holds, for it to be written again if it is lost; empty of versions
   *     that did not tell it
   */
  record Closed(
      String run,
      String manifest,
      String sha256,
      List<Count> tables,
      boolean late,
      Optional<Outcome> outcome)
      implements Entry {
    /** Copies the list. */
    public Closed {
      tables = List.copyOf(tables);
    }

    static Closed of(Manifest manifest, Outcome outcome, String sha256, boolean late) {
      List<Count> counts = new ArrayList<>();
      for (int i = 0; i < manifest.segments().size(); i++) {
        counts.add(Count.of(manifest.segments().get(i), outcome.segments().get(i)));
      }
      return new Closed(outcome.run(), manifest.name(), sha256, counts, late, Optional.of(outcome));
    }

    @Override
    public String what() {
      return manifest;
    }

    @Override
    public OptionalLong rows() {
      return OptionalLong.of(tables.stream().mapToLong(Count::deleted).sum());
    }
  }

  /** What became of a segment's rows, as its outcome tells. */
  record Count(String table, long deleted, long gone, long changed, long kept, long differs) {
    static Count of(Manifest.Segment segment, Outcome.OfSegment outcome) {
      long gone = outcome.gone().size();
      long changed = outcome.changed().size();
      long kept = outcome.kept().size();
      long differs = outcome.differs().size();
      return new Count(
          segment.table().toString(),
          segment.rows() - gone - changed - kept - differs,
          gone,
          changed,
          kept,
          differs);
    }
  }

  /**
   * Rows of which no segment holds a copy are about to be removed.
   *
   * @param table the table, of a tree that of its root
   * @param action {@code delete} or {@code move}, of a tree that of its root
   * @param to the archive table that they are moved to
   * @param plan the digest of the plan
   * @param partition the partition that is to go whole
   * @param manifest what holds the copies of those rows of the trees that are archived
   * @param rows how many at most
   * @param keys the running digest of the keys and times of the rows, of trees that of the keys of
   *     their roots; empty for a partition
   */
  record Taking(
      String run,
      String policy,
      String table,
      String action,
      Optional<String> to,
      Optional<Instant> cutoff,
      String plan,
      Optional<String> partition,
      Optional<String> manifest,
      long most,
      String keys)
      implements Entry {
    @Override
    public String what() {
      return action + " " + partition.orElse(table);
    }

    @Override
    public OptionalLong rows() {
      return OptionalLong.of(most);
    }
  }

  /**
   * What came of it.
   *
   * @param line the number of the line that told that they were about to be removed
   * @param how {@code done}, {@code stopped}, {@code failed} or {@code interrupted}
   * @param removed how many went; not known if the run was interrupted
   */
  record Took(String run, String policy, long line, String how, OptionalLong removed)
      implements Entry {
    /** All that was to go was tried. */
    public static final String DONE = "done";

    /** The run was to end before. */
    public static final String STOPPED = "stopped";

    /** The run failed before. */
    public static final String FAILED = "failed";

    /** Nobody knows. */
    static final String INTERRUPTED = "interrupted";

    @Override
    public String what() {
      return how + ", line " + line;
    }

    @Override
    public OptionalLong rows() {
      return removed;
    }
  }

  /**
   * A sweep is about to remove files of a payload folder, which its own record tells one by one.
   */
  record Sweeping(String run, String folder) implements Entry {
    @Override
    public String what() {
      return folder;
    }
  }

  /**
   * A sweep's own record is sealed.
   *
   * @param sha256 the SHA-256 of its {@code payloads.json}
   * @param late whether a later sweep or run wrote the line
   */
  record Swept(String run, String folder, String sha256, long files, long bytes, boolean late)
      implements Entry {
    @Override
    public String what() {
      return folder;
    }

    @Override
    public OptionalLong rows() {
      return OptionalLong.of(files);
    }
  }

  /** The archive is handed to another database. */
  record Adopted(SourceIdentity from, SourceIdentity to) implements Entry {
    @Override
    public String what() {
      return from.place() + " → " + to.place();
    }
  }

  /**
   * Somebody accepted that a file of the archive is lost.
   *
   * @param file its path within the archive
   */
  record Lost(String file) implements Entry {
    @Override
    public String what() {
      return file;
    }
  }
}

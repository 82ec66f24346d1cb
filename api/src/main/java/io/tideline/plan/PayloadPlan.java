package io.tideline.plan;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the files of a payload store stand, and which of them a sweep would take away.
 *
 * @param folder the folder
 * @param now the instant that ages count from
 * @param cutoff references of roots that ended before it hold nothing; empty if every live
 *     reference holds
 * @param files all files in their place
 * @param held those that a reference holds
 * @param released those that only references hold no more, or rows that were archived and deleted
 * @param orphans those that nothing known ever referred to
 * @param young those of {@code released} and {@code orphans} that are not older than the grace
 * @param goes those that a sweep would move to the trash
 * @param misfiled files with the name of a hash at another place
 * @param strange files with any other name
 * @param links what is no regular file: links and the like, never followed
 * @param trash files in the trash
 * @param columns how the references of each column stand
 * @param findings what else a person should know
 */
public record PayloadPlan(
    Path folder,
    Instant now,
    Optional<Instant> cutoff,
    Amount files,
    Amount held,
    Amount released,
    Amount orphans,
    Amount young,
    Amount goes,
    Amount misfiled,
    Amount strange,
    Amount links,
    Amount trash,
    List<Column> columns,
    List<Finding> findings) {
  /** Copies the lists. */
  public PayloadPlan {
    columns = List.copyOf(columns);
    findings = List.copyOf(findings);
  }

  /**
   * Some files.
   *
   * @param files how many
   * @param bytes their bytes
   */
  public record Amount(long files, long bytes) {}

  /**
   * The references of one column.
   *
   * @param column the column, as {@code table.column}
   * @param rows the rows of the table
   * @param none rows without a reference
   * @param references rows with a well formed reference
   * @param malformed rows whose value is no reference; one that could still mean a file holds it
   * @param holding rows whose reference holds its file
   * @param missing rows of {@code holding} whose file is not there
   * @param rootless rows of {@code holding} that lead to no root
   * @param examples what is malformed or missing, for a person: the keys of a few rows
   */
  public record Column(
      String column,
      long rows,
      long none,
      long references,
      long malformed,
      long holding,
      long missing,
      long rootless,
      List<String> examples) {
    /** Copies the list. */
    public Column {
      examples = List.copyOf(examples);
    }
  }

  /** What a file, or a reference without one, is found to be. */
  public enum State {
    /** A sweep would move it to the trash. */
    GOES,
    /** Nothing known ever referred to it. */
    ORPHAN,
    /** It may go once it is older than the grace. */
    YOUNG,
    /** It has the name of a hash and lies elsewhere. */
    MISFILED,
    /** Its name is no hash. */
    STRANGE,
    /** It is no regular file. */
    LINK,
    /** It lies in the trash. */
    TRASHED,
    /** A reference that holds a file which is not there. */
    MISSING;

    /** The word in lists. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** Hears of each file that is not plainly held, and of each missing one. */
  @FunctionalInterface
  public interface Listing {
    /** Hears nothing. */
    Listing NONE = (state, path, bytes) -> {};

    /**
     * Hears of one.
     *
     * @param path relative to the folder; where its file should lie for a missing one
     */
    void item(State state, String path, long bytes);
  }
}

package io.tideline.core.restore;

import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What became of the references over one foreign key that were to be set again. */
final class ReferenceCounts {
  private final String name;
  private final boolean elsewhere;
  private final LeftOut leftOut = new LeftOut();
  private final Set<String> files = new TreeSet<>();
  private long attached;
  private long absent;
  private long unnamed;
  private boolean quiet;

  /**
   * @param name the foreign key for a person
   * @param elsewhere whether it is in another database than the source
   */
  ReferenceCounts(String name, boolean elsewhere) {
    this.name = name;
    this.elsewhere = elsewhere;
  }

  /** The foreign key for a person. */
  String name() {
    return name;
  }

  /** Whether a row referred to that is not there is nothing to tell of: it was never archived. */
  void quiet(boolean now) {
    quiet = now;
  }

  /** Counts a reference that is as it was. */
  void attached() {
    attached++;
  }

  /** Counts a reference whose row is not there. */
  void absent() {
    absent++;
  }

  /** Counts references whose rows cannot be told; their values stay in a file. */
  void unnamed(long rows, String file) {
    unnamed += rows;
    files.add(file);
    if (!elsewhere && rows > 0) {
      leftOut.add(rows, rows + " in " + file);
    }
  }

  /** Counts a reference to a row that is not there. */
  void unreferred(Row key) {
    if (!quiet) {
      left(key, "the row that its " + name + " referred to is not there");
    }
  }

  /** Counts a reference that is left, with the reason. */
  void left(Row key, String why) {
    leftOut.add(key.display(), why);
  }

  /** The references that are as they were. */
  long size() {
    return attached;
  }

  /** Those that are left against the request. */
  LeftOut leftOut() {
    return leftOut;
  }

  /** What the user should know. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (attached > 0) {
      notes.add(count(attached) + name + (attached == 1 ? " is" : " are") + " set again");
    }
    if (absent > 0 && !elsewhere) {
      notes.add(
          count(absent)
              + name
              + " not set again: the rows that referred are not there (once they are, restore it again)");
    }
    if (unnamed > 0) {
      notes.add(
          count(unnamed)
              + name
              + " not set again: a table or column is missing, or nothing tells which rows referred; their values"
              + " stay in "
              + String.join(", ", files));
    }
    return notes;
  }

  /** What became of references that rows of a tree lost before it turned out that it stays. */
  List<String> putBack() {
    List<String> told = new ArrayList<>(notes());
    leftOut.told().ifPresent(left -> told.add("references of " + name + " not set again: " + left));
    return told;
  }

  private static String count(long references) {
    return references + (references == 1 ? " reference of " : " references of ");
  }
}

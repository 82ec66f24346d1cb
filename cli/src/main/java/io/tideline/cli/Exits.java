package io.tideline.cli;

/** The exit codes, as the help texts list them. */
final class Exits {
  static final String HEADING = "%nExit codes:%n";
  static final String DONE = "0:Done.";
  static final String INPUT =
      "2:Bad input or configuration, or database unreachable; nothing done.";
  static final String CONFIRM =
      "2:Bad input or configuration, database unreachable, or not confirmed; nothing done.";
  static final String LEFT = "3:Done, but rows were left against the request; each is reported.";
  static final String STOPPED =
      "4:Stopped, disk full or connection lost; nothing lost, the next run goes on.";
  static final String FORBIDDEN =
      "5:A guard, a floor, a window or a stale saved plan forbids it; nothing done by it.";
  static final String BUSY = "6:Another run, or a lock, is in the way.";
  static final String CORRUPT = "7:Something on disk is not what was written there.";
  static final String UNKNOWN = "8:The answer to a commit was lost; run again to find out.";
  static final String DEFECT = "70:A defect of Tideline.";
  static final String EXAMPLE = "%nExample:%n";
  static final String OPTIONS = "%nOptions:%n";

  private Exits() {}
}

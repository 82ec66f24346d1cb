package io.tideline.sqlite;

import io.tideline.health.Activity.Opener;
import io.tideline.health.Check;
import io.tideline.health.Finding;
import io.tideline.health.Remedy;
import io.tideline.health.Severity;
import java.util.ArrayList;
import java.util.List;

/** Whether another process keeps everybody from writing. */
final class LockCheck {
  /** Who holds it at each of these looks has held it for {@value #LOOKS} times that long. */
  private static final int LOOKS = 5;

  private static final int BETWEEN_MILLIS = 40;

  private final DatabaseFile file;

  LockCheck(DatabaseFile file) {
    this.file = file;
  }

  List<Finding> look() {
    List<Opener> writers = writers();
    for (int i = 1; i < LOOKS && !writers.isEmpty(); i++) {
      pause();
      List<Opener> now = writers();
      List<Opener> still = new ArrayList<>(writers);
      still.removeIf(each -> now.stream().noneMatch(other -> other.pid() == each.pid()));
      writers = still;
    }
    return writers.stream().map(this::finding).toList();
  }

  private List<Opener> writers() {
    return new FileHolders(file)
        .look().stream().filter(each -> each.holds().equals(FileHolders.WRITES)).toList();
  }

  private static void pause() {
    try {
      Thread.sleep(BETWEEN_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Finding finding(Opener writer) {
    boolean sure = new FileHolders(file).opens(writer.pid());
    Finding finding = finding(writer, sure ? "" : ", as the system's table of locks alone tells");
    return sure
        ? finding.mend(
            Remedy.shell(
                "kill " + writer.pid(),
                "ends the program, and its transaction is rolled back; better let it commit"))
        : finding;
  }

  private static Finding finding(Opener writer, String doubt) {
    return Finding.of(
        Check.WRITE_LOCK_HELD,
        Severity.WARNING,
        "process " + writer.pid(),
        "the write lock was held at each of "
            + LOOKS
            + " looks in "
            + (LOOKS - 1) * BETWEEN_MILLIS
            + " ms by "
            + writer.name()
            + " (process "
            + writer.pid()
            + ")"
            + doubt);
  }
}

package io.tideline.testkit.chaos;

import io.tideline.testkit.Product;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an episode does to a run. Each gives how often it really happened. */
enum Fault {
  /** SIGKILL at a random instant of a run. */
  KILL(12, ProcessFaults::kill),
  /** SIGKILL at a random instant from the process's first on. */
  KILL_EARLY(2, ProcessFaults::killEarly),
  /** SIGKILL at a random instant of a restore. */
  KILL_RESTORE(3, ProcessFaults::killRestore),
  /** A restore begins while a run goes. */
  RESTORE_DURING_RUN(1, ProcessFaults::restoreDuringRun),
  /** Two runs begin at once. */
  TWO_AT_ONCE(2, ProcessFaults::twoAtOnce),
  /** A run is killed, and the next has another policy. */
  POLICY_CHANGED(2, ProcessFaults::policyChanged),
  /** A run's clock is off. */
  CLOCK_MOVED(2, ProcessFaults::clockMoved),
  /** The disk of the archive fills up. */
  ARCHIVE_DISK_FULL(2, ArchiveFaults::archiveDiskFull),
  /** The disk of the state fills up. */
  STATE_DISK_FULL(1, ArchiveFaults::stateDiskFull),
  /** The state's folder is lost. */
  LEDGER_LOST(1, ArchiveFaults::ledgerLost),
  /** The archive's folder is away during a run. */
  ARCHIVE_AWAY(1, ArchiveFaults::away),
  /** The archive's folder cannot be written. */
  ARCHIVE_READ_ONLY(1, ArchiveFaults::readOnly),
  /** Another database's archive lies in its place. */
  ARCHIVE_SWAPPED(1, ArchiveFaults::swapped),
  /** A segment lost its end. */
  SEGMENT_TRUNCATED(1, DamageFaults::truncated),
  /** A bit of a segment, a manifest, an outcome or the record is another. */
  BIT_FLIPPED(2, DamageFaults::flipped),
  /** An outcome is missing. */
  OUTCOME_MISSING(1, DamageFaults::outcomeMissing),
  /** Somebody holds the write lock, or locks the tables, for seconds. */
  LOCKED(2, DatabaseFaults::locked),
  /** The same for more than a minute. */
  LOCKED_FOR_MINUTES(0, DatabaseFaults::lockedForMinutes),
  /** The server's sessions are ended. */
  BACKENDS_TERMINATED(3, DatabaseFaults::terminated),
  /** The server crashes in mid-run. */
  SERVER_CRASHED(2, DatabaseFaults::crashed),
  /** The connections are cut. */
  CONNECTIONS_CUT(3, DatabaseFaults::cut),
  /** The answer to a commit is lost. */
  ANSWER_LOST(2, DatabaseFaults::answerLost),
  /** Everything that goes over the network takes its time. */
  CONNECTIONS_DELAYED(1, DatabaseFaults::delayed);

  /** How a fault is done. */
  interface Act {
    /**
     * Does it, with the runs that it strikes.
     *
     * @return how often it really happened
     */
    int on(Stage stage);
  }

  private static final List<Fault> NETWORK =
      List.of(
          BACKENDS_TERMINATED, SERVER_CRASHED, CONNECTIONS_CUT, ANSWER_LOST, CONNECTIONS_DELAYED);

  private final int weight;
  private final Act act;

  Fault(int weight, Act act) {
    this.weight = weight;
    this.act = act;
  }

  /** How often it is drawn. */
  int weight() {
    return weight;
  }

  /** How it is called in the report. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int on(Stage stage) {
    return act.on(stage);
  }

  /** Those that make sense for a shape. */
  static List<Fault> of(Shape shape) {
    return Arrays.stream(values())
        .filter(fault -> shape.product() == Product.POSTGRESQL || !NETWORK.contains(fault))
        .filter(
            fault -> !shape.deletes() || !List.of(KILL_RESTORE, RESTORE_DURING_RUN).contains(fault))
        .toList();
  }
}

package io.tideline.maintenance.reclaim;

import io.tideline.core.Databases;
import io.tideline.core.archive.Storage;
import io.tideline.core.work.Preconditions;
import io.tideline.dialect.Database;
import io.tideline.dialect.Lease;
import io.tideline.dialect.ReclaimOption;
import io.tideline.dialect.ReclaimTask;
import io.tideline.dialect.Reclaimer;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Settings;
import io.tideline.policy.Window;
import io.tideline.run.WorkListener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/**
 * Gives space of one database back: plan, then do. Not thread-safe, but for {@link #stop}.
 *
 * <p>A plan changes nothing. What is done takes the run's lease, so that nothing else of Tideline
 * writes meanwhile.
 */
public final class Reclaim implements AutoCloseable {
  private final Settings settings;
  private final Clock clock;
  private final Rooms rooms;
  private final Database database;
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Reclaim(Settings settings, Clock clock, Storage storage, Database database) {
    this.settings = settings;
    this.clock = clock;
    this.rooms = new Rooms(storage);
    this.database = database;
  }

  /**
   * Opens the database of settings; changes nothing.
   *
   * @throws TidelineException {@code DATABASE_*}
   */
  public static Reclaim open(Settings settings, Clock clock) {
    return open(settings, clock, new Storage());
  }

  /** As the other, with another way to look at disks. */
  public static Reclaim open(Settings settings, Clock clock, Storage storage) {
    Database database = Databases.open(settings.database());
    try {
      Preconditions.writable(database);
      return new Reclaim(settings, clock, storage, database);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Asks what is done to end soon; any thread may call it. */
  public void stop() {
    stopping.set(true);
  }

  /**
   * What would be done now; changes nothing.
   *
   * @throws TidelineException {@code RECLAIM_IMPOSSIBLE} if the way that is asked for by name is
   *     not this database's, or cannot be gone
   */
  public ReclaimPlan plan(ReclaimRequest request) {
    try (Reclaimer reclaimer = database.reclaimer()) {
      return plan(reclaimer, request);
    }
  }

  private ReclaimPlan plan(Reclaimer reclaimer, ReclaimRequest request) {
    List<ReclaimOption> options = reclaimer.options();
    ReclaimChoice choice = ReclaimChoice.of(options, request, inWindow(), rooms);
    refuse(options, choice, request);
    return new ReclaimPlan(
        database.info().place(),
        reclaimer.bytesOnDisk(),
        reclaimer.leftovers(),
        choice.chosen(),
        choice.others(),
        reclaimer.advice());
  }

  private boolean inWindow() {
    Optional<Window> window = settings.terms().window();
    return window.isPresent() && window.get().open(Instant.now(clock));
  }

  /** A way that was asked for by name must be gone, or it is said why not. */
  private void refuse(List<ReclaimOption> options, ReclaimChoice choice, ReclaimRequest request) {
    if (request.way().isEmpty() || !choice.chosen().isEmpty()) {
      return;
    }
    String word = request.way().get().word();
    String why =
        options.stream()
            .filter(option -> option.way() == request.way().get())
            .map(ReclaimOption::refusal)
            .filter(refusal -> !refusal.isEmpty())
            .findFirst()
            .orElse("There is nothing here that it would mend.");
    throw new TidelineException(
        ErrorCode.RECLAIM_IMPOSSIBLE,
        "Cannot reclaim space of " + database.info().place() + " by '" + word + "'. " + why,
        "Nothing was changed.",
        "See what could be done with `tideline reclaim --plan`.");
  }

  /**
   * Removes what a killed reclaim left, then does what a plan of now says.
   *
   * @throws TidelineException {@code LEASE_HELD}, {@code DISK_FULL} if the room for it is not
   *     there, {@code RECLAIM_IMPOSSIBLE}, {@code COMPACTION_DISCARDED}, {@code DATABASE_BUSY}: the
   *     database is as usable as before
   */
  public ReclaimReport run(ReclaimRequest request, WorkListener listener) {
    return run(request, option -> true, listener);
  }

  /**
   * As the other, but does nothing that is not in a plan that somebody agreed to: what became
   * allowed since, as by a window that opened, is left.
   */
  public ReclaimReport run(ReclaimRequest request, ReclaimPlan agreed, WorkListener listener) {
    return run(
        request,
        option ->
            agreed.chosen().stream()
                .anyMatch(
                    known -> known.way() == option.way() && known.target().equals(option.target())),
        listener);
  }

  private ReclaimReport run(
      ReclaimRequest request, Predicate<ReclaimOption> agreed, WorkListener listener) {
    try (Lease lease = database.acquireLease();
        Reclaimer reclaimer = database.reclaimer()) {
      long before = reclaimer.bytesOnDisk();
      List<String> removed = reclaimer.tidy();
      listener.stepped("tidied");
      List<ReclaimReport.Done> done = new ArrayList<>();
      for (ReclaimOption option : plan(reclaimer, request).chosen()) {
        if (stopping.get()) {
          break;
        }
        if (agreed.test(option)) {
          requireRoom(option);
          lease.confirm();
          done.add(carryOut(reclaimer, option, request, listener));
        }
      }
      return new ReclaimReport(
          database.info().place(), before, reclaimer.bytesOnDisk(), removed, done, stopping.get());
    }
  }

  /** Only removes what a killed reclaim left. */
  public ReclaimReport tidy() {
    try (Lease lease = database.acquireLease();
        Reclaimer reclaimer = database.reclaimer()) {
      long before = reclaimer.bytesOnDisk();
      List<String> removed = reclaimer.tidy();
      return new ReclaimReport(
          database.info().place(), before, reclaimer.bytesOnDisk(), removed, List.of(), false);
    }
  }

  private ReclaimReport.Done carryOut(
      Reclaimer reclaimer, ReclaimOption option, ReclaimRequest request, WorkListener listener) {
    long before = reclaimer.bytesOnDisk();
    long began = System.nanoTime();
    List<String> notes =
        reclaimer.carryOut(
            option, new ReclaimTask(request.toIncremental(), stopping::get, listener));
    return new ReclaimReport.Done(
        option.way(),
        option.target(),
        before,
        reclaimer.bytesOnDisk(),
        Duration.ofNanos(System.nanoTime() - began),
        notes);
  }

  private void requireRoom(ReclaimOption option) {
    Optional<Rooms.Lack> lack = rooms.lack(option.rooms());
    if (lack.isPresent()) {
      throw noRoom(option, lack.get());
    }
  }

  private static TidelineException noRoom(ReclaimOption option, Rooms.Lack lack) {
    return new TidelineException(
        ErrorCode.DISK_FULL,
        String.format(
            Locale.ROOT,
            "Cannot reclaim space by '%s': about %,d MB must be free where %s lies, and %,d MB are.",
            option.way().word(),
            lack.needed() >> 20,
            lack.at(),
            lack.free() >> 20),
        "Nothing was changed by it.",
        "Free space there, or take a way that needs none: `tideline reclaim --plan` tells what each"
            + " needs.");
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.tideline.cli.serve;

import io.tideline.cli.notify.Announcement;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Decides on one thread what begins; the work is done on others. Every decision is made from the
 * clock as it is now and from what is remembered, so that it does not matter how long it slept, or
 * whether the clock jumped meanwhile.
 */
public final class Server {
  private final Clock clock;
  private final Pause pause;
  private final Executor executor;
  private final int parallel;
  private final Duration grace;
  private final Roster roster;
  private final Work work;
  private final Log log;
  private final Telling telling;
  private final Queue<Ended> ended = new ConcurrentLinkedQueue<>();
  private int running;
  private String trouble = "";
  private volatile boolean stopping;
  private volatile Picture picture = Picture.NONE;

  private record Ended(Served served, Round round, Outcome outcome) {}

  /**
   * Where it works.
   *
   * @param clock the clock by which things are due
   * @param pause how it waits for them
   * @param executor where the work is done
   */
  public record Machine(Clock clock, Pause pause, Executor executor) {}

  /**
   * @param parallel how many databases may run at once
   * @param grace how long the end waits for runs to end after their batch
   */
  public Server(
      Machine machine,
      int parallel,
      Duration grace,
      ConfigFiles files,
      Jobs jobs,
      Log log,
      Telling telling) {
    this.clock = machine.clock();
    this.pause = machine.pause();
    this.executor = machine.executor();
    this.parallel = parallel;
    this.grace = grace;
    this.log = log;
    this.telling = telling;
    this.roster = new Roster(files, jobs, log);
    this.work = new Work(clock, jobs, log, telling::tell);
  }

  /** Takes up the files for the first time; what is wrong with those that cannot be used. */
  public Map<String, String> open() {
    roster.look(Instant.now(clock));
    paint();
    return roster.unusable();
  }

  /** Whether what is wrong with a file is that another process serves it. */
  public static boolean taken(String wrong) {
    return wrong.startsWith(Served.TAKEN);
  }

  /** Whether any file could be used. */
  public boolean serves() {
    return !roster.all().isEmpty();
  }

  /**
   * Serves until it is stopped.
   *
   * @return {@code DONE}, or {@code STOPPED} if runs did not end in time
   */
  public ExitCode serve() {
    try {
      while (!stopping) {
        tick();
        if (!stopping && ended.isEmpty()) {
          pause.until(next());
        }
      }
      return end();
    } finally {
      roster.close();
    }
  }

  /** Ends it; any thread may call it. */
  public void stop() {
    stopping = true;
    pause.wake();
  }

  /** How everything stands. */
  Picture picture() {
    return picture;
  }

  private void tick() {
    Instant now = Instant.now(clock);
    settle(now);
    try {
      roster.look(now);
      trouble = "";
    } catch (TidelineException e) {
      if (!e.getMessage().equals(trouble)) {
        trouble = e.getMessage();
        log.error("config-broken").say(trouble);
      }
    }
    roster.all().forEach(served -> follow(served, now));
    begin(now);
    roster.all().forEach(served -> alarms(served, now));
    paint();
  }

  private void paint() {
    picture =
        Painter.paint(
            roster.all(), roster.unusable(), Instant.now(clock), stopping, telling.failed());
  }

  private void follow(Served served, Instant now) {
    for (Item item : served.follow(now)) {
      log.warn("clock-back")
          .with("database", served.label())
          .with(item.kind(), item.name())
          .say("The clock was put back by more than a day: times that have not run count again.");
    }
  }

  private void begin(Instant now) {
    while (running < parallel && !stopping) {
      Optional<Served> first =
          roster.all().stream()
              .filter(served -> served.readySince(now).isPresent())
              .min(Comparator.comparing(served -> served.readySince(now).orElseThrow()));
      if (first.isEmpty()) {
        return;
      }
      begin(first.get(), now);
    }
  }

  private void begin(Served served, Instant now) {
    Round round = served.begin(roster.present(served), now);
    late(round, now);
    served.save(trouble -> trouble(served, trouble));
    running++;
    executor.execute(
        () -> {
          ended.add(new Ended(served, round, work.carryOut(round)));
          pause.wake();
        });
  }

  private void late(Round round, Instant now) {
    round
        .slots()
        .forEach(
            (item, slot) -> {
              Duration late = Duration.between(slot, now);
              if (late.compareTo(Served.LATE) > 0) {
                log.info("late")
                    .with("database", round.database())
                    .with("name", item)
                    .with("due", slot)
                    .say("Begins " + late.toSeconds() + " s after its time, once.");
              }
            });
  }

  private void settle(Instant now) {
    for (Ended each = ended.poll(); each != null; each = ended.poll()) {
      running--;
      Served served = each.served();
      served.end(each.round(), each.outcome(), each.round().live().stopping(), now);
      served.save(trouble -> trouble(served, trouble));
    }
  }

  private void alarms(Served served, Instant now) {
    for (Alarms.Change change : Alarms.look(served, now)) {
      Mark mark = served.mark(change.item());
      boolean heldUp = mark.idleSince == null;
      Log.Event event = change.on() ? log.error("alarm") : log.info("alarm-over");
      event
          .with("database", served.label())
          .with("policy", change.item().name())
          .with("expired", mark.expired)
          .say(
              change.on()
                  ? (heldUp
                          ? "It is due and has not run since "
                          : "It has expired rows and has deleted nothing since ")
                      + change.since()
                      + "."
                  : "It deletes again, or nothing is expired.");
      served.save(trouble -> trouble(served, trouble));
      if (change.on()) {
        telling.tell(
            served.config().timetable().notices(),
            Announcement.alarm(
                served.label(),
                change.item().name(),
                heldUp ? 0 : mark.expired,
                change.since(),
                change.after()));
      }
    }
  }

  private void trouble(Served served, String what) {
    log.error("state").with("database", served.label()).say(what);
  }

  /** When something begins next, as far as is known now. */
  private Instant next() {
    if (running >= parallel) {
      return Instant.MAX; // the end of a run wakes
    }
    Instant now = Instant.now(clock);
    return roster.all().stream()
        .filter(served -> served.round().isEmpty())
        .flatMap(served -> times(served, now))
        .min(Instant::compareTo)
        .orElse(Instant.MAX);
  }

  private static Stream<Instant> times(Served served, Instant now) {
    return served.items().stream().map(item -> served.next(item, now)).flatMap(Optional::stream);
  }

  /** Lets runs end after their batch, for a time at most. */
  private ExitCode end() {
    log.info("stopping").with("running", running).say("Runs end after their batch.");
    paint();
    long until = System.nanoTime() + grace.toNanos();
    roster.all().forEach(served -> served.round().ifPresent(round -> round.live().stop()));
    while (running > 0 && System.nanoTime() < until) {
      settle(Instant.now(clock));
      if (running > 0) {
        pause.until(Instant.MAX);
      }
    }
    paint();
    Log.Event event = running == 0 ? log.info("stopped") : log.warn("stopped");
    event
        .with("running", running)
        .say(
            running == 0
                ? "Every run has ended."
                : "Some runs did not end in time; nothing is lost, they go on with the next start.");
    return running == 0 ? ExitCode.DONE : ExitCode.STOPPED;
  }
}

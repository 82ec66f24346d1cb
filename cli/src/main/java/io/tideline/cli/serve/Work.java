package io.tideline.cli.serve;

import io.tideline.cli.notify.Announcement;
import io.tideline.config.JobCommands;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.schedule.Job;
import io.tideline.schedule.Notice;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;

/** Carries rounds out; whatever fails is an outcome, never an exception. */
final class Work {
  private final Clock clock;
  private final Jobs jobs;
  private final Log log;
  private final BiConsumer<List<Notice>, Announcement> teller;

  Work(Clock clock, Jobs jobs, Log log, BiConsumer<List<Notice>, Announcement> teller) {
    this.clock = clock;
    this.jobs = jobs;
    this.log = log;
    this.teller = teller;
  }

  Outcome carryOut(Round round) {
    Outcome outcome = new Outcome();
    try {
      if (round.policies()) {
        new PolicyRound(round, outcome, clock, log, this::tell).go();
      } else {
        job(round, outcome);
      }
    } catch (RuntimeException | Error e) {
      // Whatever it is, it may end neither the others nor the process.
      String what = "This is a defect of Tideline: " + e + ".";
      log.error("defect").with("database", round.database()).say(what);
      tell(
          round,
          Announcement.failed(
              round.database(),
              new TidelineException(
                  ErrorCode.DEFECT,
                  what,
                  "The next run finds out how far this one came.",
                  "Report it.",
                  e)));
      round.names().stream()
          .filter(name -> !outcome.has(name))
          .forEach(name -> outcome.put(name, Result.failed(ExitCode.DEFECT, what)));
    } finally {
      round.live().ended();
    }
    return outcome;
  }

  private void job(Round round, Outcome outcome) {
    Job job = round.items().get(0).job().orElseThrow();
    log.info("job-started")
        .with("database", round.database())
        .with("job", job.name())
        .say("Began 'tideline " + JobCommands.of(job.command()).orElse("") + "'.");
    Jobs.End end = jobs.run(round.config(), job, round.live()::stopBy);
    boolean asked = round.live().stopping() && end.exit() == ExitCode.STOPPED;
    Result result = Result.job(end.exit(), asked, end.what());
    Log.Event event =
        result.failure().isEmpty() ? log.info("job-finished") : log.error("job-failed");
    event
        .with("database", round.database())
        .with("job", job.name())
        .with("exit", end.exit().number())
        .say(result.failure().isEmpty() ? "Ended." : result.failure());
    outcome.put(job.name(), result);
    if (!asked && !job.command().get(0).equals("run")) { // which tells by itself
      tell(round, Announcement.job(round.database(), job.name(), end.exit(), result.failure()));
    }
  }

  private void tell(Round round, Announcement announcement) {
    teller.accept(round.config().timetable().notices(), announcement);
  }
}

package io.tideline.cli.serve;

import io.tideline.Tideline;
import io.tideline.cli.notify.Announcement;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.plan.Plan;
import io.tideline.plan.PolicyPlan;
import io.tideline.policy.Selection;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunEvent;
import io.tideline.run.RunOptions;
import io.tideline.run.RunReport;
import io.tideline.run.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The policies of one database that are due, in one run with one plan; where one of them spoils it,
 * the others are tried without it.
 */
final class PolicyRound {
  /** After these the others of the same run can do no better. */
  private static final Set<ExitCode> OF_ALL =
      Set.of(ExitCode.STOPPED, ExitCode.CORRUPTION, ExitCode.OUTCOME_UNKNOWN, ExitCode.DEFECT);

  private final Round round;
  private final Outcome outcome;
  private final Clock clock;
  private final Log log;
  private final BiConsumer<Round, Announcement> teller;

  PolicyRound(
      Round round, Outcome outcome, Clock clock, Log log, BiConsumer<Round, Announcement> teller) {
    this.round = round;
    this.outcome = outcome;
    this.clock = clock;
    this.log = log;
    this.teller = teller;
  }

  void go() {
    attempt(round.names());
  }

  private void attempt(List<String> policies) {
    if (policies.isEmpty() || over(policies)) {
      return;
    }
    event(log.info("run-started"), policies).say("Began.");
    try (Tideline tideline = Tideline.open(round.config().settings(), clock)) {
      round.live().stopBy(tideline::stop);
      Plan plan =
          tideline.plan(
              new Selection(policies, List.of(), Optional.empty(), Optional.empty()),
              this::hearPlanning);
      Map<String, Long> expired = expired(plan, policies);
      round.live().plan(expired);
      event(log.info("planned"), policies).with("expired", sum(expired)).say("Takes expired rows.");
      if (over(policies)) {
        return;
      }
      RunReport report = tideline.run(plan, RunOptions.DEFAULT, this::hear);
      took(report, expired);
      look(tideline);
      if (!Announcement.ended(report) && !OF_ALL.contains(report.exit())) {
        attempt(policies.stream().filter(each -> !outcome.has(each)).toList());
      }
    } catch (StoppedPlanning e) {
      over(policies);
    } catch (TidelineException e) {
      refused(policies, e);
    }
    policies.stream()
        .filter(each -> !outcome.has(each))
        .forEach(
            each -> outcome.put(each, Result.failed(ExitCode.STOPPED, "Another failed first.")));
  }

  /** Whether it shall end before it begins: because it was asked to, or the window has closed. */
  private boolean over(List<String> policies) {
    boolean closed = round.end().filter(end -> !Instant.now(clock).isBefore(end)).isPresent();
    if (round.live().stopping() || closed) {
      policies.stream()
          .filter(each -> !outcome.has(each))
          .forEach(each -> outcome.put(each, closed ? Result.outside() : Result.stopped()));
      return true;
    }
    return false;
  }

  /** A plan of a large table takes minutes and has changed nothing: it need not come to its end. */
  private static final class StoppedPlanning extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private void hearPlanning(RunEvent event) {
    hear(event);
    if (round.live().stopping()) {
      throw new StoppedPlanning();
    }
  }

  private void hear(RunEvent event) {
    round.live().hear(event);
    if (event instanceof RunEvent.Noted noted) {
      log.warn("note").with("database", round.database()).say(noted.message());
    }
  }

  private Map<String, Long> expired(Plan plan, List<String> policies) {
    Map<String, Long> expired = new LinkedHashMap<>();
    for (PolicyPlan policy : plan.policies()) {
      if (policies.contains(policy.policy().name())) {
        expired.put(policy.policy().name(), policy.rows());
      }
    }
    return expired;
  }

  private static long sum(Map<String, Long> rows) {
    return rows.values().stream().mapToLong(Long::longValue).sum();
  }

  private void took(RunReport report, Map<String, Long> expired) {
    boolean ended = Announcement.ended(report);
    boolean asked = ended && report.exit() == ExitCode.STOPPED;
    List<PolicyReport> reached = report.policies();
    boolean skipped =
        report.exit() == ExitCode.FORBIDDEN
            && reached.stream().anyMatch(each -> !each.skipped().isEmpty());
    for (int i = 0; i < reached.size(); i++) {
      boolean failed = !ended && !skipped && i == reached.size() - 1;
      took(report, reached.get(i), failed, asked, expired);
    }
    if (ended || OF_ALL.contains(report.exit()) || reached.isEmpty()) {
      expired.keySet().stream()
          .filter(each -> !outcome.has(each))
          .forEach(each -> outcome.put(each, untouched(report, asked, expired.get(each))));
    }
    Log.Event event = ended ? log.info("run-finished") : log.error("run-failed");
    event
        .with("database", round.database())
        .with("run", report.run())
        .with("exit", report.exit().number())
        .with("removed", report.removed())
        .with("resumed", report.resumed())
        .say(report.failure().isEmpty() ? "Ended." : report.failure());
    teller.accept(round, Announcement.run(round.database(), report));
  }

  private void took(
      RunReport report,
      PolicyReport policy,
      boolean failed,
      boolean asked,
      Map<String, Long> expired) {
    if (!policy.skipped().isEmpty()) {
      skipped(policy);
      return;
    }
    ExitCode exit =
        failed || asked ? report.exit() : policy.left() > 0 ? ExitCode.ROWS_LEFT : ExitCode.DONE;
    Long rows = expired.get(policy.policy());
    outcome.put(
        policy.policy(),
        new Result(
            exit,
            asked,
            false,
            failed ? report.failure() : "",
            report.run(),
            policy.archived(),
            policy.removed(),
            policy.left(),
            rows == null ? OptionalLong.empty() : OptionalLong.of(rows)));
    log.info("policy-finished")
        .with("database", round.database())
        .with("policy", policy.policy())
        .with("run", report.run())
        .with("archived", policy.archived())
        .with("removed", policy.removed())
        .with("left", policy.left())
        .say(failed ? "Failed." : asked ? "Ended early." : "Ended.");
  }

  /** Outside its window it waits for it; forbidden otherwise, it has failed. */
  private void skipped(PolicyReport policy) {
    Instant now = Instant.now(clock);
    boolean outside =
        round
            .config()
            .settings()
            .termsOf(policy.policy())
            .window()
            .filter(window -> !window.open(now))
            .isPresent();
    outcome.put(
        policy.policy(),
        outside
            ? Result.outside()
            : Result.failed(ExitCode.FORBIDDEN, "Skipped: " + policy.skipped() + "."));
    log.warn("policy-skipped")
        .with("database", round.database())
        .with("policy", policy.policy())
        .say("Skipped: " + policy.skipped() + ".");
  }

  private static Result untouched(RunReport report, boolean asked, @Nullable Long rows) {
    OptionalLong expired = rows == null ? OptionalLong.empty() : OptionalLong.of(rows);
    String failure = asked ? "" : report.failure();
    return new Result(report.exit(), asked, false, failure, report.run(), 0, 0, 0, expired);
  }

  private void refused(List<String> policies, TidelineException e) {
    List<String> left = policies.stream().filter(each -> !outcome.has(each)).toList();
    if (e.code() == ErrorCode.WINDOW_CLOSED) {
      event(log.info("window-closed"), left).say(e.what());
      left.forEach(each -> outcome.put(each, Result.outside()));
      return;
    }
    if (left.size() > 1 && ofOnePolicy(e.code())) {
      event(log.warn("run-split"), left).say("They cannot run together: " + e.getMessage());
      new ArrayList<>(left).forEach(each -> attempt(List.of(each)));
      return;
    }
    event(log.error("run-failed"), left)
        .with("code", e.code().slug())
        .with("exit", e.code().exitCode().number())
        .say(e.getMessage());
    left.forEach(each -> outcome.put(each, Result.failed(e.code().exitCode(), e.getMessage())));
    teller.accept(round, Announcement.failed(round.database(), e));
  }

  /**
   * Whether the failure may be one policy's; of the database or the archive it is all of theirs.
   */
  private static boolean ofOnePolicy(ErrorCode code) {
    String slug = code.slug();
    return code.exitCode() == ExitCode.FORBIDDEN
        || code.exitCode() == ExitCode.BAD_INPUT
            && !slug.startsWith("database-")
            && !slug.startsWith("archive-")
            && code != ErrorCode.CLOCK_WRONG
            && code != ErrorCode.HOLD_UNREADABLE;
  }

  private void look(Tideline tideline) {
    try {
      Status status = tideline.status();
      outcome.stands(status.size(), status.inDoubt().size());
    } catch (TidelineException e) {
      log.warn("note").with("database", round.database()).say(e.getMessage());
    }
  }

  private Log.Event event(Log.Event event, List<String> policies) {
    return event.with("database", round.database()).with("policies", String.join(",", policies));
  }
}

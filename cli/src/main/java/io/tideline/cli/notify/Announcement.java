package io.tideline.cli.notify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.run.PolicyReport;
import io.tideline.run.RunReport;
import io.tideline.schedule.Occasion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is told, as one document: {@code event}, {@code text} for a person, where and when, and what
 * it is about. It holds neither row values nor keys nor secrets.
 *
 * @param occasions the occasions, the most telling one last
 * @param document the document
 */
public record Announcement(Set<Occasion> occasions, JsonObject document) {
  /** Asked once: a name service may take its time. */
  private static final String HOST = host();

  /** A run that has a report. */
  public static Announcement run(String database, RunReport report) {
    boolean well = ended(report);
    String skipped =
        report.policies().stream()
            .filter(each -> !each.skipped().isEmpty())
            .map(each -> " Policy " + each.policy() + " was not carried out: " + each.skipped())
            .collect(Collectors.joining("."));
    String text =
        "Run "
            + report.run()
            + " of "
            + database
            + (well ? " ended: " : " failed: ")
            + report.removed()
            + " rows removed, exit "
            + report.exit().number()
            + "."
            + (report.failure().isEmpty() ? "" : " " + report.failure())
            + (skipped.isEmpty() ? "" : skipped + ".");
    Announcement told = of(well ? EnumSet.of(Occasion.FINISH) : failure(report.exit()), text);
    told.document.addProperty("database", database);
    told.document.add("run", document(report));
    return told;
  }

  /** A run that could not begin. */
  public static Announcement failed(String database, TidelineException failure) {
    String text = "A run of " + database + " could not begin: " + failure.getMessage();
    Announcement told =
        of(
            failure.code() == ErrorCode.WINDOW_CLOSED
                ? EnumSet.of(Occasion.FAILURE)
                : failure(failure.code().exitCode()),
            text);
    told.document.addProperty("database", database);
    JsonObject error = new JsonObject();
    error.addProperty("code", failure.code().slug());
    error.addProperty("exit", failure.code().exitCode().number());
    error.addProperty("what", failure.what());
    error.addProperty("state", failure.state());
    error.addProperty("mend", failure.mend());
    told.document.add("error", error);
    return told;
  }

  /** A job that ended. */
  public static Announcement job(String database, String job, ExitCode exit, String what) {
    boolean well = exit == ExitCode.DONE || exit == ExitCode.ROWS_LEFT;
    String text =
        "Job "
            + job
            + " of "
            + database
            + (well ? " ended" : " failed")
            + ", exit "
            + exit.number()
            + "."
            + (what.isEmpty() ? "" : " " + what);
    Announcement told = of(well ? EnumSet.of(Occasion.FINISH) : failure(exit), text);
    told.document.addProperty("database", database);
    told.document.addProperty("job", job);
    told.document.addProperty("exit", exit.number());
    return told;
  }

  /** A policy that has expired rows and has deleted nothing for long, or is due and cannot run. */
  public static Announcement alarm(
      String database, String policy, long expired, Instant since, Duration after) {
    String text =
        "Policy "
            + policy
            + " of "
            + database
            + (expired > 0
                ? " has " + expired + " expired rows and has deleted nothing since "
                : " is due and has not run since ")
            + since
            + ", for more than "
            + after
            + ".";
    Announcement told = of(EnumSet.of(Occasion.ALARM), text);
    told.document.addProperty("database", database);
    told.document.addProperty("policy", policy);
    told.document.addProperty("expired_rows", expired);
    told.document.addProperty("since", since.toString());
    return told;
  }

  /** Whether a run came to its end, or ended early because somebody or a limit asked it to. */
  public static boolean ended(RunReport report) {
    return report.exit() == ExitCode.DONE
        || report.exit() == ExitCode.ROWS_LEFT
        || report.exit() == ExitCode.STOPPED && report.failure().startsWith("Stopped ")
        || report.exit() == ExitCode.FORBIDDEN && onlyWindows(report);
  }

  /** Whether nothing but closed windows kept policies from being carried out. */
  private static boolean onlyWindows(RunReport report) {
    return report.failure().isEmpty()
        && report.policies().stream()
            .allMatch(each -> each.skipped().isEmpty() || each.outsideWindow());
  }

  private static Set<Occasion> failure(ExitCode exit) {
    return exit == ExitCode.FORBIDDEN
        ? EnumSet.of(Occasion.FAILURE, Occasion.TRIPWIRE)
        : EnumSet.of(Occasion.FAILURE);
  }

  private static Announcement of(Set<Occasion> occasions, String text) {
    Occasion event = occasions.stream().reduce(Occasion.FINISH, (one, later) -> later);
    JsonObject document = new JsonObject();
    document.addProperty("event", event.word());
    document.addProperty("text", text);
    document.addProperty("at", Instant.now().toString());
    document.addProperty("host", HOST);
    return new Announcement(occasions, document);
  }

  private static JsonObject document(RunReport report) {
    JsonObject run = new JsonObject();
    run.addProperty("run", report.run());
    run.addProperty("started_at", report.startedAt().toString());
    run.addProperty("finished_at", report.finishedAt().toString());
    run.addProperty("exit", report.exit().number());
    run.addProperty("failure", report.failure());
    run.addProperty("removed", report.removed());
    run.addProperty("resumed", report.resumed());
    JsonArray policies = new JsonArray();
    report.policies().forEach(policy -> policies.add(document(policy)));
    run.add("policies", policies);
    return run;
  }

  private static JsonObject document(PolicyReport report) {
    JsonObject policy = new JsonObject();
    policy.addProperty("policy", report.policy());
    policy.addProperty("table", report.table());
    policy.addProperty("action", report.action().word());
    policy.addProperty("archived", report.archived());
    policy.addProperty("removed", report.removed());
    policy.addProperty("left", report.left());
    policy.addProperty("skipped", report.skipped());
    return policy;
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}

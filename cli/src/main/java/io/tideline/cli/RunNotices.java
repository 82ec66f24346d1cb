package io.tideline.cli;

import io.tideline.cli.notify.Announcement;
import io.tideline.cli.notify.Notifier;
import io.tideline.cli.notify.Patience;
import io.tideline.config.ConfigFile;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.run.RunReport;
import io.tideline.schedule.Notice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Tells others how a run of the command line ended, if the file asks for it. */
final class RunNotices implements AutoCloseable {
  private static final Set<ErrorCode> WANTED =
      Set.of(ErrorCode.NOT_CONFIRMED, ErrorCode.ARGUMENT_INVALID, ErrorCode.WINDOW_CLOSED);

  private final List<Notice> notices;
  private final String database;
  private final Optional<Notifier> notifier;

  private RunNotices(List<Notice> notices, String database, Optional<Notifier> notifier) {
    this.notices = notices;
    this.database = database;
    this.notifier = notifier;
  }

  static RunNotices of(ConfigFile config, Terminal terminal) {
    List<Notice> notices = config.timetable().notices();
    Path folder = Optional.ofNullable(config.path().getParent()).orElse(terminal.folder());
    return new RunNotices(
        notices,
        config.label(),
        notices.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Notifier(folder, Patience.USUAL, said -> terminal.err().println(said))));
  }

  /** Does the work, and tells if it could not begin, unless that is what somebody wanted. */
  ExitCode telling(Supplier<ExitCode> work) {
    try {
      return work.get();
    } catch (TidelineException e) {
      if (!WANTED.contains(e.code())) {
        tell(Announcement.failed(database, e));
      }
      throw e;
    }
  }

  void ended(RunReport report) {
    tell(Announcement.run(database, report));
  }

  private void tell(Announcement announcement) {
    notifier.ifPresent(each -> each.tell(notices, announcement));
  }

  /** Waits until all is told, about half a minute at most. */
  @Override
  public void close() {
    notifier.ifPresent(
        each -> {
          each.drain(Patience.USUAL.most());
          each.close();
        });
  }
}

package io.tideline.cli;

import io.tideline.cli.notify.Announcement;
import io.tideline.cli.notify.Notifier;
import io.tideline.cli.notify.Patience;
import io.tideline.cli.serve.ConfigFiles;
import io.tideline.cli.serve.Log;
import io.tideline.cli.serve.Pause;
import io.tideline.cli.serve.Server;
import io.tideline.cli.serve.Telling;
import io.tideline.cli.serve.Web;
import io.tideline.config.ConfigFile;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import io.tideline.policy.Span;
import io.tideline.schedule.Notice;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs policies and jobs when they are due. */
@CommandLine.Command(
    name = "serve",
    description = {
      "Runs policies and jobs when they are due, until it is stopped.",
      "Goes by the schedules of tideline.yaml, or of every *.yaml of a folder, one database each."
          + " One run at a time for each database; one that fails stops no other. What was missed"
          + " is caught up once. A changed file is noticed within seconds. SIGTERM and Ctrl-C end it"
          + " after the batches in progress."
    },
    optionListHeading = Exits.OPTIONS,
    footerHeading = "%nExamples:%n",
    footer = {
      "  tideline serve",
      "  tideline serve /etc/tideline --log json --listen 127.0.0.1:9187"
    },
    exitCodeListHeading = Exits.HEADING,
    exitCodeList = {
      "0:Stopped as asked; every run had ended.",
      "2:No usable file, or the address cannot be listened at; nothing done.",
      "4:Stopped before every run had ended; nothing lost, the next start goes on.",
      "6:Another process serves the file; nothing done.",
      Exits.DEFECT
    })
final class ServeCommand extends Command {
  private static final Duration LAST_NOTICES = Duration.ofSeconds(10);
  private static final int MOST_PARALLEL = 64;

  @Parameters(
      arity = "0..1",
      paramLabel = "DIR",
      description =
          "A folder whose *.yaml are served, or one file. Without it the configuration that the"
              + " other commands find.")
  @Nullable Path place;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description =
          "Answer /health and /metrics at this address: 127.0.0.1:9187, or a port of the loopback"
              + " alone. Nothing listens without it.")
  @Nullable String listen;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      description = "How many databases may run at once; ${DEFAULT-VALUE} by default.")
  int parallel = 2;

  @Option(
      names = "--log",
      paramLabel = "FORM",
      description = "text or json: one line an event, on standard output. --json means json.")
  @Nullable String log;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      description = "How long the end waits for runs to end after their batch; 60s by default.")
  String grace = "60s";

  ServeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  ExitCode execute() {
    Log events = new Log(out(), form(), clock());
    Optional<InetSocketAddress> address = Optional.ofNullable(listen).map(Listen::parse);
    Path served = served();
    try (Notifier notifier = new Notifier(folder(served), Patience.USUAL, events::untold)) {
      Server server = server(served, events, notifier);
      open(server, served);
      events.started(Version.text(), served.toString());
      try (Interrupts.Listening stops = terminal.interrupts().listen(server::stop);
          AutoCloseable web = web(address, server, events)) {
        return server.serve();
      } catch (TidelineException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException(e);
      } finally {
        notifier.drain(LAST_NOTICES);
      }
    }
  }

  private Server server(Path served, Log events, Notifier notifier) {
    if (parallel < 1 || parallel > MOST_PARALLEL) {
      throw badArgument(
          "Cannot run " + parallel + " databases at once.",
          "Give --parallel a number from 1 to " + MOST_PARALLEL + ".");
    }
    Executor threads =
        Executors.newFixedThreadPool(
            parallel,
            work -> {
              Thread thread = new Thread(work, "tideline-run");
              thread.setDaemon(true);
              return thread;
            });
    return new Server(
        new Server.Machine(clock(), Pause.real(), threads),
        parallel,
        Span.parse(grace, "--grace"),
        new ConfigFiles(served, terminal.env()),
        new JobRunner(terminal),
        events,
        telling(notifier));
  }

  private static Telling telling(Notifier notifier) {
    return new Telling() {
      @Override
      public void tell(List<Notice> notices, Announcement announcement) {
        notifier.tell(notices, announcement);
      }

      @Override
      public long failed() {
        return notifier.failed();
      }
    };
  }

  private static AutoCloseable web(Optional<InetSocketAddress> address, Server server, Log events) {
    if (address.isEmpty()) {
      return () -> {};
    }
    Web web = Web.open(address.get(), server);
    events.listening(Listen.display(web.address()));
    return web;
  }

  private Path served() {
    Path named = place == null ? common.config : place;
    if (place != null && common.config != null) {
      throw badArgument(
          "Cannot serve both " + place + " and " + common.config + ".", "Name one of them.");
    }
    return named == null ? config().path() : path(named);
  }

  private Path folder(Path served) {
    Path parent = served.getParent();
    return Files.isDirectory(served) || parent == null ? served : parent;
  }

  /** One file must be right at the start; of a folder, one of its files. */
  private void open(Server server, Path served) {
    if (!Files.isDirectory(served)) {
      ConfigFile.load(served, terminal.env());
    }
    Map<String, String> unusable = server.open();
    if (!server.serves()) {
      throw cannot(served, unusable.values());
    }
  }

  private static TidelineException cannot(Path served, Collection<String> unusable) {
    if (unusable.isEmpty()) {
      return new TidelineException(
          ErrorCode.CONFIG_MISSING,
          "Cannot serve " + served + ": it holds no *.yaml.",
          "Nothing was changed.",
          "Make one with 'tideline init DATABASE'.");
    }
    boolean taken = unusable.stream().allMatch(Server::taken);
    return new TidelineException(
        taken ? ErrorCode.LEASE_HELD : ErrorCode.CONFIG_INVALID,
        "Cannot serve " + served + ": no file can be used.\n" + String.join("\n", unusable),
        "Nothing was changed.",
        taken ? "End the other process first." : "Mend a file and try again.");
  }

  private Log.Form form() {
    if (log == null) {
      return common.json ? Log.Form.JSON : Log.Form.TEXT;
    }
    return switch (log) {
      case "text" -> Log.Form.TEXT;
      case "json" -> Log.Form.JSON;
      default ->
          throw badArgument("Cannot write the log as '" + log + "'.", "Give --log text or json.");
    };
  }
}

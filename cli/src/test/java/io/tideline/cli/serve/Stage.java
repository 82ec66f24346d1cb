package io.tideline.cli.serve;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.tideline.cli.notify.Announcement;
import io.tideline.config.ConfigFile;
import io.tideline.error.ExitCode;
import io.tideline.schedule.Job;
import io.tideline.schedule.Notice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;

/** A server over files of a folder with a driven clock: its jobs only note when they ran. */
final class Stage implements Jobs, Telling {
  final Path folder;
  final DrivenTime time;
  final List<String> ran = new ArrayList<>();
  final List<Announcement> told = new ArrayList<>();
  final List<Notice> notices = new ArrayList<>();
  final Map<String, Function<Job, End>> ends = new HashMap<>();
  int parallel = 2;
  Duration grace = Duration.ofSeconds(5);
  Executor executor = Runnable::run;
  Consumer<String> onLine = line -> {};
  private final ByteArrayOutputStream log =
      new ByteArrayOutputStream() {
        @Override
        public synchronized void write(byte[] bytes, int from, int count) {
          super.write(bytes, from, count);
          onLine.accept(new String(bytes, from, count, StandardCharsets.UTF_8));
        }
      };

  Stage(Path folder, String now) {
    this.folder = folder;
    this.time = new DrivenTime(Instant.parse(now));
  }

  /** A file of a database of its own, which needs not be there for jobs that only note. */
  Stage file(String name, String rest) {
    write(name + ".yaml", head(name) + rest);
    return this;
  }

  static String head(String name) {
    return "version: 1\ndatabase: ./%s.db\narchive: ./%s-archive\nstate: ./%s-state\n"
        .formatted(name, name, name);
  }

  void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Serves until an instant, from what the folder remembers. */
  Server serve(String until) {
    return serve(until, server -> {});
  }

  Server serve(String until, Consumer<Server> before) {
    Server server =
        new Server(
            new Server.Machine(time, time, work -> executor.execute(work)),
            parallel,
            grace,
            new ConfigFiles(folder, Map.of()),
            this,
            new Log(new PrintStream(log, true, StandardCharsets.UTF_8), Log.Form.JSON, time),
            this);
    server.open();
    time.at(until, server::stop);
    before.accept(server);
    server.serve();
    return server;
  }

  @Override
  public List<String> problems(ConfigFile config) {
    return List.of();
  }

  @Override
  public End run(ConfigFile config, Job job, Consumer<Runnable> stopper) {
    ran.add(job.name() + " " + time.instant());
    return ends.getOrDefault(job.name(), each -> new End(ExitCode.DONE, "")).apply(job);
  }

  @Override
  public void tell(List<Notice> notices, Announcement announcement) {
    told.add(announcement);
    this.notices.addAll(notices);
  }

  @Override
  public long failed() {
    return 0;
  }

  /** The lines of the log. */
  List<JsonObject> log() {
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .toList();
  }

  /** The times of an event, or with what it is about. */
  List<String> events(String event) {
    return log().stream()
        .filter(line -> line.get("event").getAsString().equals(event))
        .map(line -> line.get("time").getAsString())
        .toList();
  }
}

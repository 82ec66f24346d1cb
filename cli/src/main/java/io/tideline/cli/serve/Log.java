package io.tideline.cli.serve;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** One line an event, as text or JSON. Thread-safe. */
public final class Log {
  private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

  private final PrintStream out;
  private final Form form;
  private final Clock clock;

  /** The forms of a line. */
  public enum Form {
    /** For a person: time, level, event, what it is about, a sentence. */
    TEXT,
    /** For a machine: one object. */
    JSON
  }

  /** How bad an event is. */
  enum Level {
    INFO,
    WARN,
    ERROR
  }

  /** A log that writes to a stream. */
  public Log(PrintStream out, Form form, Clock clock) {
    this.out = out;
    this.form = form;
    this.clock = clock;
  }

  /** Tells that it began. */
  public void started(String version, String place) {
    info("started")
        .with("version", version)
        .with("pid", ProcessHandle.current().pid())
        .say("Serves " + place + ".");
  }

  /** Tells where it listens. */
  public void listening(String address) {
    info("listening").with("address", address).say("Answers /health and /metrics.");
  }

  /** Tells of a notice that could not be told. */
  public void untold(String what) {
    warn("notify-failed").say(what);
  }

  Event info(String name) {
    return new Event(Level.INFO, name);
  }

  Event warn(String name) {
    return new Event(Level.WARN, name);
  }

  Event error(String name) {
    return new Event(Level.ERROR, name);
  }

  /** An event that is about to be told. */
  final class Event {
    private final Level level;
    private final String name;
    private final Map<String, Object> about = new LinkedHashMap<>();

    private Event(Level level, String name) {
      this.level = level;
      this.name = name;
    }

    /** Adds what it is about: a text or a number; an empty text adds nothing. */
    Event with(String key, Object value) {
      if (!value.toString().isEmpty()) {
        about.put(key, value instanceof Number ? value : value.toString());
      }
      return this;
    }

    /** Tells it. */
    void say(String message) {
      write(this, message);
    }
  }

  private void write(Event event, String message) {
    Instant now = Instant.now(clock).truncatedTo(ChronoUnit.MILLIS);
    String line = form == Form.JSON ? json(event, now, message) : text(event, now, message);
    synchronized (out) {
      out.println(line);
      out.flush();
    }
  }

  private static String json(Event event, Instant now, String message) {
    JsonObject line = new JsonObject();
    line.addProperty("time", now.toString());
    line.addProperty("level", event.level.name().toLowerCase(Locale.ROOT));
    line.addProperty("event", event.name);
    event.about.forEach((key, value) -> line.add(key, GSON.toJsonTree(value)));
    line.addProperty("message", message);
    return GSON.toJson(line);
  }

  private static String text(Event event, Instant now, String message) {
    String about =
        event.about.entrySet().stream()
            .map(each -> each.getKey() + "=" + quoted(each.getValue().toString()))
            .collect(Collectors.joining(" "));
    return String.format(
        Locale.ROOT,
        "%s %-5s %s%s  %s",
        now,
        event.level,
        event.name,
        about.isEmpty() ? "" : " " + about,
        plain(message));
  }

  private static String quoted(String value) {
    return value.matches("[^\\s\"=\\p{Cntrl}]+") ? value : GSON.toJson(value);
  }

  /** On one line, whatever a name or a path holds. */
  private static String plain(String text) {
    return text.strip().replaceAll("\\s*\\R\\s*", " | ").replaceAll("\\p{Cntrl}", "?");
  }
}

package io.tideline.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Who uses a database now, and what took longest.
 *
 * @param connections how many connections there are, by state
 * @param limit how many there may be; empty where there is no limit
 * @param processes the processes of this machine that have its file open
 * @param statements the statements that took most time together, the longest first
 */
public record Activity(
    Map<String, Long> connections,
    OptionalLong limit,
    List<Opener> processes,
    List<Statement> statements) {
  /** Nothing known. */
  public static final Activity NONE =
      new Activity(Map.of(), OptionalLong.empty(), List.of(), List.of());

  /** Copies the collections; the map's order stays. */
  public Activity {
    connections = Collections.unmodifiableMap(new LinkedHashMap<>(connections));
    processes = List.copyOf(processes);
    statements = List.copyOf(statements);
  }

  /** The same, with the statements that took longest. */
  public Activity with(List<Statement> longest) {
    return new Activity(connections, limit, processes, longest);
  }

  /**
   * A process that has the database's file open.
   *
   * @param pid its id
   * @param name its name
   * @param holds what it holds at this moment: {@code the write lock}, {@code a read lock}; empty
   *     if nothing
   */
  public record Opener(long pid, String name, String holds) {}

  /**
   * A statement that was run many times.
   *
   * @param text its text with its values taken out, shortened
   * @param calls how often it was run
   * @param millis how long it took on average
   * @param totalMillis how long it took altogether
   * @param rows how many rows it gave or changed altogether
   */
  public record Statement(String text, long calls, double millis, double totalMillis, long rows) {}
}

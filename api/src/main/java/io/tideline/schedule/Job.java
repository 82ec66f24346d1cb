package io.tideline.schedule;

import java.util.List;
import java.util.Optional;

/**
 * A command that runs by itself.
 *
 * @param name its name, which no policy has
 * @param command the words of the command, as {@code payloads sweep}; never given to a shell
 * @param schedule when it runs; empty if it only follows another
 * @param after the policy or job after whose success it runs; empty if it follows none
 */
public record Job(
    String name, List<String> command, Optional<Schedule> schedule, Optional<String> after) {
  /** Copies the list. */
  public Job {
    command = List.copyOf(command);
  }
}

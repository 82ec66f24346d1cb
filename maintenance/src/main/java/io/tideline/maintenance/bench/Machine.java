package io.tideline.maintenance.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What figures depend on besides the target. It names no host: two machines alike are one.
 *
 * @param system the operating system
 * @param processor its model, or the architecture where that is not told
 * @param processors how many of them this process may use
 * @param java the version that asks
 */
public record Machine(String system, String processor, int processors, String java) {
  private static final String MODEL = "model name";

  /** This one. */
  public static Machine here() {
    return new Machine(
        System.getProperty("os.name", "unknown"),
        model(),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("java.version", "unknown"));
  }

  private static String model() {
    String architecture = System.getProperty("os.arch", "unknown");
    try {
      List<String> lines =
          Files.readAllLines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
      return lines.stream()
          .filter(line -> line.startsWith(MODEL))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException e) {
      return architecture; // no Linux
    }
  }

  /** Whether figures of the other say something of this: Java's version may differ. */
  public boolean isLike(Machine other) {
    return system.equals(other.system)
        && processor.equals(other.processor)
        && processors == other.processors;
  }

  /** In words. */
  public String words() {
    return system + ", " + processors + " processors (" + processor + ")";
  }
}

package io.tideline.cli;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * File names for what has names that no file system takes; each is given once, whatever the case:
 * the second of two alike gets {@code _2}, and so on.
 */
final class FileNames {
  /** With an ending and a number less than the 255 bytes that most file systems take. */
  private static final int LONGEST = 60;

  private final Set<String> taken = new HashSet<>();

  String of(String name, String ending) {
    String safe = name.replaceAll("[^\\p{L}\\p{N}_.-]", "_");
    String most = safe.substring(0, Math.min(LONGEST, safe.length()));
    String file = most + "." + ending;
    for (int n = 2; !taken.add(file.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT)); n++) {
      file = most + "_" + n + "." + ending;
    }
    return file;
  }
}

package io.tideline.cli.serve;

import io.tideline.config.ConfigFile;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The configuration files that are served, by the name of their database, and what changes. */
public final class ConfigFiles {
  private static final List<String> ENDINGS = List.of(".yaml", ".yml");

  private final Path place;
  private final Map<String, String> env;
  private final Map<String, String> digests = new HashMap<>();

  /**
   * @param place a file, or a folder whose {@code *.yaml} and {@code *.yml} are meant
   */
  public ConfigFiles(Path place, Map<String, String> env) {
    this.place = place;
    this.env = env;
  }

  /** The file or the folder. */
  Path place() {
    return place;
  }

  /** A file of which a new version was found; which was found right, or the failure. */
  record Version(String label, Path file, Optional<ConfigFile> right, String wrong) {}

  /** The files that are there, by label. */
  Map<String, Path> present() {
    Map<String, Path> files = new TreeMap<>();
    if (!Files.isDirectory(place)) {
      if (Files.exists(place)) {
        files.put(ConfigFile.label(place), place);
      }
      return files;
    }
    try (Stream<Path> all = Files.list(place)) {
      all.filter(file -> ENDINGS.stream().anyMatch(end -> name(file).endsWith(end)))
          .filter(file -> !name(file).startsWith(".") && Files.isRegularFile(file))
          .sorted()
          .forEach(file -> files.putIfAbsent(ConfigFile.label(file), file));
    } catch (IOException | UncheckedIOException e) {
      throw new TidelineException(
          ErrorCode.CONFIG_MISSING,
          "Cannot list the folder " + place + " (" + e.getClass().getSimpleName() + ").",
          "Nothing was changed.",
          "Check that it is there and that you may read it.",
          e);
    }
    return files;
  }

  /** Forgets a file that is gone. */
  void forget(String label) {
    digests.remove(label);
  }

  /** Its version, if its content is another than when this was last asked. */
  Optional<Version> changed(String label, Path file) {
    String digest = digest(file);
    if (digest.equals(digests.put(label, digest))) {
      return Optional.empty();
    }
    return Optional.of(load(label, file));
  }

  /** Whether its content is as it was when it was last found changed. */
  boolean same(String label, Path file) {
    return digest(file).equals(digests.get(label));
  }

  /** Its version as it is now, with what its variables stand for now. */
  Version load(String label, Path file) {
    try {
      return new Version(label, file, Optional.of(ConfigFile.load(file, env)), "");
    } catch (TidelineException e) {
      return new Version(label, file, Optional.empty(), e.getMessage());
    } catch (RuntimeException e) {
      String what = "This is a defect of Tideline: " + e.getClass().getName() + ".";
      return new Version(label, file, Optional.empty(), what); // the others are served all the same
    }
  }

  private static String digest(Path file) {
    try {
      byte[] content = Files.readAllBytes(file);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (IOException e) {
      return e.getClass().getName();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}

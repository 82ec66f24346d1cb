package io.tideline.config;

import io.tideline.dialect.DatabaseUrl;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.health.Suppression;
import io.tideline.policy.Settings;
import io.tideline.schedule.Timetable;
import io.tideline.tuning.QuerySpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * A configuration file that was read and found right.
 *
 * @param path the file, absolute
 * @param settings what it says of the database and its rows
 * @param timetable what runs by itself, and who is told
 * @param suppressions findings that are known and borne
 * @param queries those of the application
 */
public record ConfigFile(
    Path path,
    Settings settings,
    Timetable timetable,
    List<Suppression> suppressions,
    List<QuerySpec> queries) {
  /** The usual name of the file. */
  public static final String NAME = "tideline.yaml";

  /** The usual name of the JSON Schema's file. */
  public static final String SCHEMA_NAME = "tideline.schema.json";

  /** Copies the lists. */
  public ConfigFile {
    suppressions = List.copyOf(suppressions);
    queries = List.copyOf(queries);
  }

  /** The file's name without its ending, by which its database is called among several. */
  public String label() {
    return label(path);
  }

  /** The name of a file without its ending. */
  public static String label(Path file) {
    String name = String.valueOf(file.getFileName());
    int point = name.lastIndexOf('.');
    return point > 0 ? name.substring(0, point) : name;
  }

  /** The first {@value #NAME} in {@code start} or a folder above it. */
  public static Optional<Path> find(Path start) {
    for (Path at = start.toAbsolutePath().normalize(); at != null; at = at.getParent()) {
      Path file = at.resolve(NAME);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /**
   * Reads a file. Variables are put in, {@code ~} and relative paths resolved, everything checked.
   *
   * @param env the environment for {@code ${NAME}}
   * @throws TidelineException {@code CONFIG_MISSING} if it is not there or cannot be read
   * @throws ConfigException {@code CONFIG_INVALID} with everything that is wrong; {@code FLOOR} if
   *     only retentions below a floor are
   */
  public static ConfigFile load(Path file, Map<String, String> env) {
    Path path = file.toAbsolutePath().normalize();
    Path parent = path.getParent();
    Locations locations = new Locations(parent == null ? path : parent, env);
    Reading reading = new Reading(new Expansion(env, locations));
    Optional<Node> root = YamlText.compose(text(path), path.toString(), reading);
    Optional<Settings> settings =
        root.flatMap(
            node ->
                new SettingsReader(reading, locations, String.valueOf(path.getFileName()))
                    .read(node));
    Timetable timetable =
        root.map(node -> new TimetableReader(reading).read(node, settings)).orElse(Timetable.NONE);
    List<Suppression> suppressions =
        root.map(node -> new InspectReader(reading).read(node)).orElse(List.of());
    List<QuerySpec> queries =
        root.map(node -> new QueriesReader(reading).read(node)).orElse(List.of());
    if (!reading.problems().isEmpty()) {
      throw new ConfigException(
          reading.onlyFloors() ? ErrorCode.FLOOR : ErrorCode.CONFIG_INVALID,
          path,
          reading.problems());
    }
    return new ConfigFile(path, settings.orElseThrow(), timetable, suppressions, queries);
  }

  /**
   * The database that a person names outside a file, with variables put in.
   *
   * @param base what a relative path is relative to
   * @throws TidelineException {@code ARGUMENT_INVALID} if a variable is not set or it is no path
   */
  public static DatabaseUrl databaseUrl(String text, Path base, Map<String, String> env) {
    Locations locations = new Locations(base, env);
    try {
      return locations.database(new Expansion(env, locations).expand(text));
    } catch (Expansion.Failure e) {
      throw notADatabase(text, String.valueOf(e.getMessage()), e.mend(), e);
    } catch (InvalidPathException e) {
      throw notADatabase(text, "It is not a path.", "Name a file or a URL.", e);
    }
  }

  /**
   * A text that a person wrote outside a file, with variables put in.
   *
   * @param where where it stands, for the error, which never repeats it
   * @param base what a relative path of {@code ${file:…}} is relative to
   * @throws TidelineException {@code ARGUMENT_INVALID} if a variable is not set
   */
  public static String expand(String text, String where, Path base, Map<String, String> env) {
    try {
      return new Expansion(env, new Locations(base, env)).expand(text);
    } catch (Expansion.Failure e) {
      throw new TidelineException(
          ErrorCode.ARGUMENT_INVALID,
          "Cannot read " + where + ". " + e.getMessage(),
          "Nothing was changed.",
          e.mend(),
          e);
    }
  }

  private static TidelineException notADatabase(
      String text, String why, String mend, Exception cause) {
    return new TidelineException(
        ErrorCode.ARGUMENT_INVALID,
        "Cannot read the database '" + new DatabaseUrl(text) + "'. " + why,
        "Nothing was changed.",
        mend,
        cause);
  }

  /** The JSON Schema of the file, by which editors complete and check it. */
  public static String schema() {
    try (InputStream in = ConfigFile.class.getResourceAsStream(SCHEMA_NAME)) {
      if (in == null) {
        throw new IllegalStateException("Cannot find " + SCHEMA_NAME + " in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path path) {
    try {
      String text = Files.readString(path);
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw missing(
          path,
          "it does not exist",
          "Name another file with --config, or make one with" + " 'tideline init DATABASE'.",
          e);
    } catch (CharacterCodingException e) {
      throw missing(path, "it is not UTF-8 text", "Save it as UTF-8.", e);
    } catch (IOException e) {
      throw missing(
          path,
          "it cannot be read (" + e.getClass().getSimpleName() + ")",
          "Check that it is a file and that you may read it.",
          e);
    }
  }

  private static TidelineException missing(Path path, String why, String mend, IOException cause) {
    return new TidelineException(
        ErrorCode.CONFIG_MISSING,
        "Cannot read the configuration " + path + ": " + why + ".",
        "Nothing was changed.",
        mend,
        cause);
  }
}

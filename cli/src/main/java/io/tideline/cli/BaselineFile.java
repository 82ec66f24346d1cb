package io.tideline.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.tideline.cli.output.Json;
import io.tideline.maintenance.bench.Baseline;
import io.tideline.maintenance.bench.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A baseline as a JSON file. A file that is none is never written over. */
final class BaselineFile {
  private static final int FORMAT = 1;
  private static final long MOST = 64L << 20;

  private BaselineFile() {}

  static Baseline read(Path file) {
    try {
      if (Files.size(file) > MOST) {
        throw none(file, "it is larger than 64 MB");
      }
      JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      if (root.get("tideline_baseline").getAsInt() != FORMAT) {
        throw none(file, "it is of another version of Tideline");
      }
      Map<String, String> identity = new TreeMap<>();
      root.getAsJsonObject("identity")
          .entrySet()
          .forEach(each -> identity.put(each.getKey(), each.getValue().getAsString()));
      List<Baseline.Run> runs = new ArrayList<>();
      root.getAsJsonArray("runs").forEach(run -> runs.add(run(run.getAsJsonObject())));
      return new Baseline(identity, machine(root.getAsJsonObject("machine")), runs);
    } catch (IOException e) {
      throw none(file, "it cannot be read (" + e.getClass().getSimpleName() + ")");
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | ClassCastException
        | NullPointerException
        | UnsupportedOperationException
        | DateTimeException e) {
      throw none(file, "it is no baseline");
    }
  }

  private static RuntimeException none(Path file, String why) {
    return Command.badArgument(
        "Cannot take " + file + " as a baseline: " + why + ".",
        "Name a file that `tideline bench --save-baseline` wrote, or one that does not exist yet to"
            + " write.");
  }

  private static Machine machine(JsonObject from) {
    return new Machine(
        from.get("system").getAsString(),
        from.get("processor").getAsString(),
        from.get("processors").getAsInt(),
        from.get("java").getAsString());
  }

  private static Baseline.Run run(JsonObject from) {
    List<Baseline.Sample> rounds = new ArrayList<>();
    JsonArray all = from.getAsJsonArray("rounds");
    for (JsonElement each : all) {
      JsonObject round = each.getAsJsonObject();
      rounds.add(
          new Baseline.Sample(
              Duration.parse(round.get("p50").getAsString()),
              Duration.parse(round.get("p95").getAsString()),
              Duration.parse(round.get("p99").getAsString()),
              round.get("throughput").getAsDouble(),
              round.get("histogram").getAsString()));
    }
    return new Baseline.Run(
        Instant.parse(from.get("at").getAsString()), from.get("version").getAsString(), rounds);
  }

  static void write(Path file, Baseline baseline) {
    JsonObject root = new JsonObject();
    root.addProperty("tideline_baseline", FORMAT);
    Json.tree(baseline)
        .getAsJsonObject()
        .entrySet()
        .forEach(e -> root.add(e.getKey(), e.getValue()));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try {
      Files.writeString(fresh, Json.text(root));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw Command.badArgument(
          "Cannot write the baseline " + file + ": " + e + ".",
          "Name a file in a folder that you may write to with --save-baseline.");
    }
  }
}

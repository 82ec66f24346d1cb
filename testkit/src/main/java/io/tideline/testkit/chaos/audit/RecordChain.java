package io.tideline.testkit.chaos.audit;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Whether an archive's deletion record is unbroken, and tells of each manifest and outcome. */
final class RecordChain {
  private RecordChain() {}

  static List<String> problems(Path folder) throws IOException {
    Path file = folder.resolve("record.jsonl");
    List<String> problems = new ArrayList<>();
    if (!Files.exists(file)) {
      if (!ArchiveFolder.files(folder, ".manifest.json").isEmpty()) {
        problems.add("there is no deletion record");
      }
      return problems;
    }
    Map<String, String> told = new HashMap<>();
    String previous = "0".repeat(64);
    for (String line : Files.readAllLines(file)) {
      JsonObject object = JsonParser.parseString(line).getAsJsonObject();
      if (!object.get("previous").getAsString().equals(previous)) {
        problems.add("line " + object.get("number") + " of the deletion record breaks the chain");
      }
      previous = ArchiveFolder.sha256((line + "\n").getBytes(StandardCharsets.UTF_8));
      String kind = object.get("kind").getAsString();
      if (kind.equals("sealed") || kind.equals("closed")) {
        String suffix = kind.equals("sealed") ? ".manifest.json" : ".outcome.json";
        told.put(object.get("manifest").getAsString() + suffix, object.get("sha256").getAsString());
      }
    }
    for (String suffix : List.of(".manifest.json", ".outcome.json")) {
      for (Path each : ArchiveFolder.files(folder, suffix)) {
        String name = folder.resolve("runs").relativize(each).toString();
        String digest = told.remove(name);
        if (!ArchiveFolder.sha256(Files.readAllBytes(each)).equals(digest)) {
          problems.add("the deletion record tells otherwise of " + name);
        }
      }
    }
    told.keySet().forEach(name -> problems.add("the deletion record tells of a missing " + name));
    return problems;
  }
}

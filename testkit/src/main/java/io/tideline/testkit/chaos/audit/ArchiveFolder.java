package io.tideline.testkit.chaos.audit;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The view that an archive's folder shows, by {@code docs/spec/archive-v1.md} alone. */
public final class ArchiveFolder {
  private final Path folder;
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Map<String, List<String>>> view = new TreeMap<>();

  private ArchiveFolder(Path folder) {
    this.folder = folder;
  }

  /** Reads a folder; one that is not there shows nothing. */
  public static ArchiveFolder read(Path folder) throws IOException, SQLException {
    ArchiveFolder archive = new ArchiveFolder(folder);
    for (Path manifest : files(folder, ".manifest.json")) {
      archive.manifest(manifest);
    }
    archive.problems.addAll(RecordChain.problems(folder));
    return archive;
  }

  /** Rows of a table that it shows, by their keys. */
  Map<String, List<String>> rows(String table) {
    return view.getOrDefault(table, Map.of());
  }

  /** What is wrong with it. */
  List<String> problems() {
    return problems;
  }

  /** The files of all runs whose names end so, in the order of run and number. */
  public static List<Path> files(Path folder, String suffix) throws IOException {
    Path runs = folder.resolve("runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(runs)) {
      return tree.filter(file -> file.getFileName().toString().endsWith(suffix)).sorted().toList();
    }
  }

  private void manifest(Path file) throws IOException, SQLException {
    JsonArray segments = json(file).getAsJsonArray("segments");
    String number = file.getFileName().toString().substring(0, 4);
    Path outcome = file.resolveSibling(number + ".outcome.json");
    if (!Files.exists(outcome)) {
      problems.add(folder.relativize(file) + " is still in doubt");
      return;
    }
    List<BitSet> hidden = new ArrayList<>();
    for (JsonElement each : json(outcome).getAsJsonArray("segments")) {
      BitSet rows = ranges(each.getAsJsonObject().get("changed").getAsString());
      rows.or(ranges(each.getAsJsonObject().get("kept").getAsString()));
      // Shown, but marked: an older version of a row that another run found changed.
      rows.or(ranges(each.getAsJsonObject().get("differs").getAsString()));
      hidden.add(rows);
    }
    for (Path restored : files(folder, ".json")) {
      if (restored.getParent().equals(file.getParent())
          && restored.getFileName().toString().startsWith(number + ".restored-")) {
        JsonArray rows = json(restored).getAsJsonArray("segments");
        for (int i = 0; i < rows.size(); i++) {
          hidden.get(i).or(ranges(rows.get(i).getAsString()));
        }
      }
    }
    for (int i = 0; i < segments.size(); i++) {
      segment(file, segments.get(i).getAsJsonObject(), hidden.get(i));
    }
  }

  private void segment(Path manifest, JsonObject segment, BitSet hidden)
      throws IOException, SQLException {
    Path file = manifest.resolveSibling(segment.get("file").getAsString());
    if (!sha256(Files.readAllBytes(file)).equals(segment.get("sha256").getAsString())) {
      problems.add(folder.relativize(file) + " has another SHA-256 than its manifest tells");
      return;
    }
    List<List<String>> rows = SegmentRows.read(file, segment);
    if (rows.size() != segment.get("rows").getAsInt()) {
      problems.add(folder.relativize(file) + " has " + rows.size() + " rows");
    }
    Map<String, List<String>> shown =
        view.computeIfAbsent(
            segment.getAsJsonObject("table").get("name").getAsString(), name -> new TreeMap<>());
    for (int i = 0; i < rows.size(); i++) {
      if (!hidden.get(i)) {
        shown
            .computeIfAbsent(rows.get(i).get(0), key -> new ArrayList<>())
            .add(String.join("|", rows.get(i)));
      }
    }
  }

  private static BitSet ranges(String text) {
    BitSet rows = new BitSet();
    for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
      int dash = part.indexOf('-');
      int from = Integer.parseInt(dash < 0 ? part : part.substring(0, dash));
      int to = dash < 0 ? from : Integer.parseInt(part.substring(dash + 1));
      rows.set(from, to + 1);
    }
    return rows;
  }

  static JsonObject json(Path file) throws IOException {
    return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

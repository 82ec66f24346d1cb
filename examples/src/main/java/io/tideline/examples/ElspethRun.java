package io.tideline.examples;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Adds one run and all that belongs to it, parents first. */
final class ElspethRun {
  private static final int ROWS = 12;
  private static final List<String> NODES = List.of("source", "classify", "group", "sink");

  private final Store store;
  private final Payloads payloads;
  private final Random random;
  private final String run;
  private final Instant start;
  private final List<String> tokens = new ArrayList<>();

  ElspethRun(Store store, Payloads payloads, Random random, int number, Instant start) {
    this.store = store;
    this.payloads = payloads;
    this.random = random;
    this.run = String.format("run-%04d", number);
    this.start = start;
  }

  /**
   * Adds it.
   *
   * @param status its status
   * @param sealed whether it was exported and sealed
   * @param exported whether it was exported
   */
  void add(String status, boolean sealed, boolean exported) throws SQLException, IOException {
    boolean ended = !status.equals("running") && !status.equals("interrupted");
    int rows = status.equals("empty") ? 0 : ROWS;
    store.insert(
        "runs",
        run,
        start,
        ended ? start.plusSeconds(900) : null,
        status,
        hex(),
        "{\"landscape\": \"prod\", \"rows\": " + rows + "}",
        "v1");
    graph();
    rows(rows);
    List<String> states = new ElspethStates(store, payloads, random, run, start).add(tokens);
    operations();
    errors(status, rows);
    if (!states.isEmpty()) {
      artifacts(states);
      effects();
      if (!ended) {
        checkpoints();
      }
    }
    if (exported) {
      snapshot(sealed);
    }
  }

  private void graph() throws SQLException {
    for (String node : NODES) {
      store.insert(
          "nodes", node, run, node + "_plugin", node, "{\"name\": \"" + node + "\"}", start);
    }
    for (int i = 0; i + 1 < NODES.size(); i++) {
      store.insert("edges", run + "-e" + i, run, NODES.get(i), NODES.get(i + 1), "continue");
    }
    store.insert("run_sources", run, "source", "{\"fields\": [\"id\", \"text\"]}");
    store.insert("run_contracts", run, "observed", "[{\"name\": \"id\", \"type\": \"int\"}]");
    store.insert("secret_resolutions", run + "-secret", run, "API_KEY", hex(), start);
  }

  /** Rows and their tokens; every fifth row forks into two child tokens. */
  private void rows(int count) throws SQLException, IOException {
    for (int i = 0; i < count; i++) {
      String row = run + "-r" + i;
      String content = i % 4 == 0 ? "shared source row " + i : row + " source " + hex();
      String ref =
          i == 7 && random.nextInt(3) == 0
              ? payloads.missing(content)
              : payloads.keep(content, start);
      store.insert("rows", row, run, "source", i, ref, ref, at(i));
    }
    List<String[]> parents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String token = run + "-t" + i;
      token(token, i, null, i == 3 ? payloads.keep("token data of " + token, start) : null);
      if (i % 5 == 0) {
        for (int child = 0; child < 2; child++) {
          token(token + "." + child, i, token, null);
          parents.add(new String[] {token + "." + child, token});
        }
      }
    }
    for (String[] each : parents) {
      store.insert("token_parents", each[0], each[1], run, 0);
    }
  }

  private void token(String token, int row, @Nullable String parent, @Nullable String data)
      throws SQLException {
    String group = parent == null ? null : parent + "-fork";
    store.insert("tokens", token, run + "-r" + row, run, parent, group, data, at(row));
    tokens.add(token);
  }

  private void operations() throws SQLException, IOException {
    String template = payloads.keep("request template, the same for all runs", start);
    for (String type : List.of("source_load", "sink_write")) {
      String id = run + "-" + type;
      String node = type.startsWith("source") ? "source" : "sink";
      String in = payloads.keep("settings of " + type, start);
      String out = payloads.keep("result of " + id, start);
      store.insert("operations", id, run, node, type, "completed", in, out, at(0), at(20));
    }
    for (String type : List.of("source_load", "sink_write")) {
      String id = run + "-" + type;
      String response = payloads.keep("answer to " + id, start);
      store.insert(
          "calls",
          id + "-c0",
          null,
          id,
          0,
          "http",
          "success",
          template,
          template,
          response,
          response,
          12.5,
          at(1));
    }
  }

  private void errors(String status, int rows) throws SQLException {
    store.insert(
        "validation_errors", run + "-v0", run, "source", hex(), "field 'id' is missing", at(1));
    store.insert("validation_errors", run + "-v1", run, null, hex(), "not JSON", at(2));
    if (rows > 0 && status.contains("fail")) {
      for (int i = 0; i < 3; i++) {
        String details = "{\"reason\": \"timeout\", \"attempt\": " + i + "}";
        store.insert(
            "transform_errors", run + "-x" + i, run, tokens.get(i), "classify", details, at(i));
      }
    }
  }

  private void artifacts(List<String> states) throws SQLException {
    String state = states.get(states.size() - 1);
    store.insert(
        "artifacts", run + "-a", run, state, "sink", "out/" + run + ".csv", hex(), 4_096, at(60));
  }

  private void checkpoints() throws SQLException {
    store.insert(
        "checkpoints", run + "-cp", run, tokens.get(0), "group", 1, "{\"open\": 3}", at(30));
  }

  /** Streams and effects refer to each other, and so do effects and their members. */
  private void effects() throws SQLException {
    String stream = run + "-s";
    store.insert("streams", stream, run, "ledger", null);
    for (int i = 0; i < 2; i++) {
      String effect = stream + "-f" + i;
      store.insert("effects", effect, stream, effect + "-m0", "committed", at(40 + i));
      for (int m = 0; m < 3; m++) {
        store.insert("effect_members", effect + "-m" + m, effect, tokens.get(i * 3 + m), m);
      }
    }
    store.update(
        "UPDATE streams SET last_effect_id = ? WHERE stream_id = ?", stream + "-f1", stream);
  }

  private void snapshot(boolean sealed) throws SQLException, IOException {
    String snapshot = run + "-snapshot";
    String first = "sha256:" + payloads.keep("result of " + run + "-source_load", start);
    String second = "sha256:" + payloads.keep("shared source row 0", start);
    store.insert(
        "export_snapshots",
        snapshot,
        run,
        sealed ? "sealed" : "open",
        "{\"payloads\": [\"" + first + "\", \"" + second + "\"]}",
        sealed ? at(1_200) : null,
        at(1_000));
    store.insert("export_snapshot_items", snapshot, 0, first);
    store.insert("export_snapshot_items", snapshot, 1, second);
  }

  private Instant at(int second) {
    return start.plusSeconds(second);
  }

  private String hex() {
    return String.format("%016x%016x", random.nextLong(), random.nextLong());
  }
}

package io.tideline.examples;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Adds what became of a run's tokens: states, batches, events, calls and outcomes. */
final class ElspethStates {
  private static final int BATCH = 6;

  private final Store store;
  private final Payloads payloads;
  private final Random random;
  private final String run;
  private final Instant start;

  ElspethStates(Store store, Payloads payloads, Random random, String run, Instant start) {
    this.store = store;
    this.payloads = payloads;
    this.random = random;
    this.run = run;
    this.start = start;
  }

  /** The ids of the states of the last node. */
  List<String> add(List<String> tokens) throws SQLException, IOException {
    List<String> last = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      state(tokens.get(i), "classify", 1, i, null);
      state(tokens.get(i), "group", 2, i, batch(i));
      last.add(state(tokens.get(i), "sink", 3, i, null));
    }
    batches(tokens);
    events(tokens);
    calls(tokens);
    for (int i = 0; i < tokens.size(); i++) {
      store.insert(
          "token_outcomes",
          tokens.get(i) + "-o",
          run,
          tokens.get(i),
          i % 11 == 10 ? "quarantined" : "completed",
          true,
          i % 3 == 0 ? batch(i) : null,
          at(50));
    }
    return last;
  }

  private String state(String token, String node, int step, int number, @Nullable String batch)
      throws SQLException {
    String state = token + "-" + node;
    store.insert(
        "node_states",
        state,
        run,
        token,
        node,
        step,
        0,
        "completed",
        hex(),
        hex(),
        at(number),
        at(number + 1),
        random.nextInt(10_000) / 10.0,
        batch);
    return state;
  }

  private String batch(int token) {
    return run + "-b" + token / BATCH;
  }

  /** Each batch was opened by a state that is its member; each but the first retries another. */
  private void batches(List<String> tokens) throws SQLException {
    for (int i = 0; i < tokens.size(); i += BATCH) {
      store.insert(
          "batches",
          batch(i),
          run,
          "group",
          tokens.get(i) + "-group",
          i == 0 ? null : batch(i - BATCH),
          i / BATCH,
          "completed",
          at(10),
          at(40));
    }
    for (int i = 0; i < tokens.size(); i++) {
      store.insert("batch_members", batch(i), tokens.get(i), run, i % BATCH);
    }
    for (int i = 0; i < tokens.size(); i += BATCH) {
      store.insert("batch_outputs", batch(i), "token", tokens.get(i));
    }
  }

  private void events(List<String> tokens) throws SQLException, IOException {
    for (int i = 0; i < tokens.size(); i += 3) {
      String reason = payloads.keep("reason " + i % 9, start);
      String state = tokens.get(i) + "-classify";
      store.insert(
          "routing_events", state + "-ev", state, run + "-e1", "move", reason, reason, at(i));
    }
  }

  private void calls(List<String> tokens) throws SQLException, IOException {
    String template = payloads.keep("request template, the same for all runs", start);
    for (int i = 0; i < tokens.size(); i += 2) {
      String state = tokens.get(i) + "-classify";
      String response = payloads.keep("answer to " + state, start);
      store.insert(
          "calls",
          state + "-c0",
          state,
          null,
          0,
          "llm",
          "success",
          template,
          template,
          response,
          response,
          random.nextInt(90_000) / 10.0,
          at(i));
    }
  }

  private Instant at(int second) {
    return start.plusSeconds(second);
  }

  private String hex() {
    return String.format("%016x%016x", random.nextLong(), random.nextLong());
  }
}

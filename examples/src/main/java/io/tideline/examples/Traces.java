package io.tideline.examples;

import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/** A store of traces, most of them in one session, some in several, a few in none. */
final class Traces implements Example {
  private static final int TRACES = 20_000;
  private static final int SESSIONS = 400;
  private static final double DAYS = 180;
  private static final String[] TYPES = {"llm_call", "tool_call", "retrieval", "user_turn"};
  private static final String[] NAMESPACES = {"prod", "staging", "eval"};

  @Override
  public boolean onPostgres() {
    return false;
  }

  @Override
  public void fill(Store store, Order order) throws SQLException {
    Random random = new Random(order.seed());
    int traces = TRACES * order.scale();
    for (int i = 0; i < traces; i++) {
      double created = seconds(order.now()) - DAYS * 86_400 * (traces - i) / traces;
      String type = TYPES[random.nextInt(TYPES.length)];
      store.insert(
          "traces",
          id(i),
          type,
          NAMESPACES[random.nextInt(NAMESPACES.length)],
          "{\"type\": \"" + type + "\", \"tokens\": " + random.nextInt(9_000) + "}",
          random.nextInt(3) == 0 ? null : "{\"latency_ms\": " + random.nextInt(30_000) + "}",
          created,
          created + random.nextInt(60));
    }
    for (int i = 0; i < traces; i++) {
      for (Integer session : sessions(i, traces, random)) {
        store.insert("trace_sessions", id(i), "session-" + session);
      }
    }
  }

  /** A trace of its time's session, every tenth also of another, every fiftieth of none. */
  private static Set<Integer> sessions(int trace, int traces, Random random) {
    Set<Integer> sessions = new HashSet<>();
    if (trace % 50 != 7) {
      sessions.add((int) ((long) trace * SESSIONS / traces));
      if (trace % 10 == 0) {
        sessions.add(random.nextInt(SESSIONS));
      }
    }
    return sessions;
  }

  private static String id(int trace) {
    return String.format("%08x-trace-%06d", trace * 0x9E3779B1, trace);
  }

  private static double seconds(Instant time) {
    return time.getEpochSecond() + time.getNano() / 1e9;
  }
}

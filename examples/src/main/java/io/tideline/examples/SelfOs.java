package io.tideline.examples;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;

/** An assistant's goals, tasks, feedback and stories; rows of every age that are still in use. */
final class SelfOs implements Example {
  private static final int USERS = 40;
  private static final int STORIES = 3_000;
  private static final int FEEDBACK = 8_000;
  private static final int STORY_DAYS = 700;
  private static final int FEEDBACK_DAYS = 300;
  private static final String[] STATUSES = {"todo", "in_progress", "completed", "paused"};
  private static final String[] OPINIONS = {"positive", "negative", "neutral"};
  private static final String[] PERIODS = {"daily", "weekly", "monthly"};
  private static final String[] CONTENT = {"story", "summary", "post"};

  @Override
  public boolean onSqlite() {
    return false;
  }

  @Override
  public void fill(Store store, Order order) throws SQLException {
    Random random = new Random(order.seed());
    users(store, order.now(), random);
    memories(store, order.now(), random);
    feedback(store, order, random);
    stories(store, order, random);
    for (String table : new String[] {"life_areas", "goals", "tasks"}) {
      store.query(
          "SELECT setval(pg_get_serial_sequence('" + table + "', 'id'), max(id)) FROM " + table);
    }
  }

  private void users(Store store, Instant now, Random random) throws SQLException {
    for (int u = 0; u < USERS; u++) {
      store.insert(
          "life_areas", u + 1, user(u), "Health", 10, "[\"run\", \"sleep\"]", before(now, 600));
    }
    for (int g = 0; g < USERS * 5; g++) {
      store.insert(
          "goals",
          g + 1,
          user(g % USERS),
          g % USERS + 1,
          "Goal " + g,
          any(STATUSES, random),
          random.nextInt(101),
          before(now, random.nextInt(600)));
    }
    for (int t = 0; t < USERS * 25; t++) {
      int goal = t % (USERS * 5);
      store.insert(
          "tasks",
          t + 1,
          user(goal % USERS),
          t % 9 == 0 ? null : goal + 1,
          "Task " + t,
          any(STATUSES, random),
          t % 3 == 0 ? before(now, random.nextInt(60) - 30) : null,
          t % 4 == 0 ? "[" + t + "]" : "[]",
          before(now, random.nextInt(600)));
    }
    for (int m = 0; m < USERS * 4; m++) {
      Object goal = m % 2 == 0 ? m % (USERS * 5) + 1 : null;
      Object task = m % 2 == 0 ? null : m + 1;
      Instant time = before(now, random.nextInt(600));
      store.insert(
          "media_attachments", m + 1, user(m % USERS), goal, task, "image", "media/" + m, time);
    }
  }

  private void memories(Store store, Instant now, Random random) throws SQLException {
    for (int m = 0; m < USERS * 20; m++) {
      store.insert(
          "memory_items",
          m + 1,
          user(m % USERS),
          "Remembers " + m,
          m % 3 == 0 ? null : "{\"source\": \"chat\", \"turn\": " + m + "}",
          before(now, random.nextInt(600)));
    }
    for (int u = 0; u < USERS; u++) {
      store.insert(
          "user_preferences", u + 1, user(u), "coach", "{\"theme\": \"dark\"}", before(now, 600));
    }
  }

  /** One in twenty was never processed, however old. */
  private void feedback(Store store, Order order, Random random) throws SQLException {
    int count = FEEDBACK * order.scale();
    for (int i = 0; i < count; i++) {
      Instant time = spread(order.now(), FEEDBACK_DAYS, i, count);
      store.insert(
          "feedback_logs",
          id(random),
          user(random.nextInt(USERS)),
          i % 2 == 0 ? "task" : "story",
          "{\"item\": " + i + ", \"tags\": [\"a\", \"b\"]}",
          any(OPINIONS, random),
          random.nextInt(100) / 100.0,
          i % 5 == 0 ? "Über " + i : null,
          "session-" + i % 500,
          time,
          i % 20 == 0 ? null : time.plus(Duration.ofMinutes(5)));
    }
  }

  /** One in thirty still waits or is being written, one in forty is scheduled for later. */
  private void stories(Store store, Order order, Random random) throws SQLException {
    int count = STORIES * order.scale();
    for (int i = 0; i < count; i++) {
      Instant time = spread(order.now(), STORY_DAYS, i, count);
      boolean later = i % 40 == 3;
      String status = i % 30 == 0 ? (i % 60 == 0 ? "pending" : "generating") : "completed";
      store.insert(
          "story_sessions",
          id(random),
          user(random.nextInt(USERS)),
          "Story " + i,
          "Once upon a time, " + i + " goals were met. ".repeat(1 + random.nextInt(8)),
          any(CONTENT, random),
          any(PERIODS, random),
          "[" + i % 200 + "]",
          "{\"temperature\": 0.7, \"model\": \"large\"}",
          status,
          later ? order.now().plus(Duration.ofDays(30)) : null,
          later || !status.equals("completed") ? null : time.plus(Duration.ofHours(2)),
          time);
    }
  }

  private static Instant spread(Instant now, int days, int i, int count) {
    return now.minus(Duration.ofDays(days).multipliedBy(count - i).dividedBy(count));
  }

  private static Instant before(Instant now, int days) {
    return now.minus(Duration.ofDays(days));
  }

  private static String user(int user) {
    return "user-" + user;
  }

  private static String id(Random random) {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private static String any(String[] words, Random random) {
    return words[random.nextInt(words.length)];
  }
}

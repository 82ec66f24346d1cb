package io.tideline.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Makes rows of a random table: around a cutoff, at it, without a time, with one that is none. */
public final class RandomRows {
  private static final int TOGETHER = 50;

  private final RandomTable table;
  private final Instant cutoff;
  private final Instant now;
  private final Random random;
  private int next;

  /**
   * Rows for a table.
   *
   * @param cutoff the cutoff that the rows lie around, a whole second
   * @param now the present
   */
  public RandomRows(RandomTable table, Instant cutoff, Instant now, Random random) {
    this.table = table;
    this.cutoff = cutoff;
    this.now = now;
    this.random = random;
  }

  /** Inserts rows in one transaction. */
  public List<RandomRow> insert(TestDatabase database, int count) {
    List<RandomRow> rows = make(count);
    List<String> statements = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += TOGETHER) {
      statements.add(table.insert(rows.subList(from, Math.min(rows.size(), from + TOGETHER))));
    }
    database.executeTogether(statements);
    return rows;
  }

  /** Makes rows. */
  public List<RandomRow> make(int count) {
    List<RandomRow> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(instant()));
    }
    return rows;
  }

  /** A row that is younger than the cutoff. */
  public RandomRow fresh() {
    return row(Optional.of(young()));
  }

  private Instant young() {
    long span = Duration.between(cutoff, now).getSeconds();
    return cutoff.plusSeconds(Math.max(span / 10, (long) (random.nextDouble() * span)));
  }

  private RandomRow row(Optional<Instant> instant) {
    String tag = "r%06d".formatted(next++);
    Optional<Instant> written = instant.map(table.time()::floor);
    String time =
        written
            .map(table.time().literal())
            .orElse(table.time().text() && random.nextBoolean() ? "'2026-02-30 00:00'" : "NULL");
    List<String> literals = new ArrayList<>();
    for (RandomTable.Column column : table.columns()) {
      literals.add(
          switch (column.role()) {
            case KEY -> key(column.type());
            case TAG -> "'" + tag + "'";
            case GROUP -> random.nextInt(6) == 0 ? "NULL" : Integer.toString(random.nextInt(5));
            case TIME -> time;
            case VALUE -> ValuePool.literal(table.product(), column.type(), random);
          });
    }
    return new RandomRow(tag, written.map(table.time()::meant), literals);
  }

  /** Key values count on in a scattered order; text has what needs quoting in any language. */
  private String key(String type) {
    long scattered = Integer.reverse(next) ^ 0x5A5A5A5AL;
    return switch (type) {
      case "TEXT", "text" -> "'k\"''%% ,ä" + scattered + "'";
      case "INTEGER", "integer" -> Integer.toString((int) scattered);
      case "BLOB" -> "x'%016x'".formatted(scattered);
      default -> "'" + new UUID(random.nextLong(), scattered) + "'";
    };
  }

  private Optional<Instant> instant() {
    return switch (random.nextInt(20)) {
      case 0 -> Optional.empty();
      case 1, 2 -> Optional.of(cutoff);
      case 3, 4 -> Optional.of(cutoff.minus(table.time().step()));
      case 5 -> Optional.of(cutoff.plus(table.time().step()));
      case 6 -> Optional.of(now.plusSeconds(3 * 86_400 + random.nextInt(100_000)));
      case 7, 8, 9, 10, 11 -> Optional.of(young());
      default -> Optional.of(cutoff.minusSeconds(random.nextInt(100_000_000)));
    };
  }
}

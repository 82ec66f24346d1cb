package io.tideline.services.accounts;

import io.tideline.services.web.Times;
import io.tideline.services.web.Web;
import io.tideline.store.AtRisk;
import io.tideline.store.BackPressure;
import io.tideline.store.BatchInsert;
import io.tideline.store.BufferedWriter;
import io.tideline.store.BufferedWriterOpening;
import io.tideline.store.Database;
import io.tideline.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Request logs, written many at a time, or each in a transaction of its own. */
final class RequestLogs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLogs.class);
  private static final long WEIGHT = 64L << 20;

  private final BufferedWriter<RequestLog> writer;
  private final Path aside;

  RequestLogs(Database database, Times times, AccountsSettings.Logs settings) {
    this.aside = settings.aside();
    BufferedWriterOpening<RequestLog> opening =
        BufferedWriter.to(database, insert(times), this::setAside)
            .named("request_logs")
            .maxRows(settings.maxRows())
            .maxBytes(WEIGHT)
            .flushRows(settings.flushRows())
            .flushEvery(settings.flushEvery())
            .whenFull(new BackPressure.Block(settings.patience()))
            .closeWithin(Duration.ofSeconds(30))
            .weighedBy(RequestLog::weight);
    this.writer = (settings.buffered() ? opening : opening.unbuffered()).start();
  }

  private static BatchInsert<RequestLog> insert(Times times) {
    return BatchInsert.into(
        "request_logs",
        List.of(
            "account_id",
            "request_id",
            "requested_at",
            "model",
            "input_tokens",
            "output_tokens",
            "latency_ms",
            "status",
            "error_code",
            "session_id"),
        (statement, row) -> {
          statement.setString(1, row.account());
          statement.setString(2, row.request());
          statement.setObject(3, times.bound(row.at()));
          statement.setString(4, row.model());
          statement.setInt(5, row.inputTokens());
          statement.setInt(6, row.outputTokens());
          statement.setLong(7, row.latencyMillis());
          statement.setString(8, row.status());
          statement.setString(9, row.errorCode());
          statement.setString(10, row.session());
        });
  }

  /**
   * Such as of an account that was deleted meanwhile: the row stands in a file, and is not lost.
   */
  private synchronized void setAside(RequestLog row, StoreException why) {
    String line =
        Web.json(
            Map.of(
                "why",
                String.valueOf(why.getMessage()),
                "at",
                row.at().toString(),
                "row",
                shown(row)));
    try {
      Files.writeString(aside, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      LOG.warn("A request log was set aside to {}: {}", aside, why.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + aside, e);
    }
  }

  private static Map<String, Object> shown(RequestLog row) {
    return Map.of(
        "account_id", row.account(),
        "request_id", row.request(),
        "model", row.model(),
        "input_tokens", row.inputTokens(),
        "output_tokens", row.outputTokens(),
        "latency_ms", row.latencyMillis(),
        "status", row.status(),
        "error_code", String.valueOf(row.errorCode()),
        "session_id", String.valueOf(row.session()));
  }

  /** Takes a row; throws if there was no room in time. */
  void write(RequestLog row) {
    writer.write(row);
  }

  /** What a crash would lose now. */
  AtRisk atRisk() {
    return writer.atRisk();
  }

  /** What a crash can lose at most. */
  AtRisk mostAtRisk() {
    return writer.mostAtRisk();
  }

  /** Why rows wait at present. */
  Optional<String> trouble() {
    return writer.trouble().map(Throwable::getMessage);
  }

  /** Writes what waits. */
  @Override
  public void close() {
    writer.close();
  }
}

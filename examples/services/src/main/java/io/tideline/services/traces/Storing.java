package io.tideline.services.traces;

import com.google.gson.JsonParser;
import io.tideline.services.web.Web;
import io.tideline.store.BackPressure;
import io.tideline.store.BufferedWriter;
import io.tideline.store.Database;
import io.tideline.store.SessionTrace;
import io.tideline.store.StoreException;
import io.tideline.store.TraceStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes traces: at once, committed before the answer; or gathered, and answered before. */
final class Storing implements AutoCloseable {
  private final TraceStore store;
  private final Path aside;
  private final @Nullable BufferedWriter<SessionTrace> buffer;

  Storing(Database database, TraceStore store, TracesSettings settings) {
    this.store = store;
    this.aside = settings.aside();
    this.buffer =
        settings.buffered()
            ? BufferedWriter.to(database, store.batches(), this::setAside)
                .named("traces")
                .maxRows(settings.bufferRows())
                .maxBytes(Math.max(64L << 20, 4L * settings.largestBody()))
                .weighedBy(each -> each.trace().weight())
                .whenFull(new BackPressure.Block(Duration.ofSeconds(1)))
                .start()
            : null;
  }

  private synchronized void setAside(SessionTrace row, StoreException why) {
    String line =
        Web.json(
            Map.of(
                "why",
                String.valueOf(why.getMessage()),
                "session",
                row.session(),
                "trace",
                JsonParser.parseString(TraceJson.text(row.trace()))));
    try {
      Files.writeString(aside, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write to " + aside, e);
    }
  }

  /** Whether they are committed; if not, they are gathered. */
  boolean take(List<SessionTrace> traces) {
    if (buffer == null) {
      store.storeBatch(traces);
      return true;
    }
    // To send all of them again does no harm, if the buffer is full midway.
    traces.forEach(buffer::write);
    return false;
  }

  /** How it stands with rows that are gathered. */
  Map<String, Object> health() {
    if (buffer == null) {
      return Map.of("status", "up");
    }
    Optional<String> trouble = buffer.trouble().map(Throwable::getMessage);
    return Map.of(
        "status", trouble.isPresent() ? "degraded" : "up",
        "tracesAtRisk", buffer.atRisk(),
        "tracesMostAtRisk", buffer.mostAtRisk(),
        "tracesWait", trouble.orElse(""));
  }

  /** Writes what is gathered. */
  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
    }
  }
}

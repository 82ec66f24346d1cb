package io.tideline.core.run;

import io.tideline.core.archive.SealedRows;
import io.tideline.core.digest.RowDigest;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.core.work.Source;
import io.tideline.dialect.Reader;
import io.tideline.row.Row;
import java.util.Optional;

/** Finds expired rows that need no copy in a segment: they are moved or deleted. */
final class Gatherer implements Source<PendingChunk<Chunk>> {
  /** The record of what goes is made durable before each chunk: small ones would cost. */
  private static final int CHUNK = 200_000;

  private static final long CHUNK_BYTES = 8L << 20;

  private final RunContext context;
  private final Layout layout;
  private final Walker walker;
  private final Reader reader;
  private final String catalogueVersion;
  private final RowDigest digest = new RowDigest();

  Gatherer(
      RunContext context, Layout layout, Walker walker, Reader reader, String catalogueVersion) {
    this.context = context;
    this.layout = layout;
    this.walker = walker;
    this.reader = reader;
    this.catalogueVersion = catalogueVersion;
  }

  @Override
  public Optional<PendingChunk<Chunk>> next() {
    Optional<Row> after = walker.position();
    SealedRows rows = new SealedRows(layout.placeWidth());
    while (!walker.ended() && !full(rows) && context.control().more()) {
      context.control().waitWhilePaused(context.listener());
      long began = System.nanoTime();
      walker.slice(
          row -> {
            digest.update(row, layout.digestFrom(), layout.width());
            rows.add(walker.place(), digest.high(), digest.low());
            context.control().took(1);
            return !full(rows) && context.control().left() > 0;
          });
      Pacer.breathe(context, System.nanoTime() - began);
    }
    return rows.size() == 0
        ? Optional.empty()
        : Optional.of(new NoCopy(new Chunk(Optional.empty(), rows, after, catalogueVersion)));
  }

  private record NoCopy(Chunk chunk) implements PendingChunk<Chunk> {
    @Override
    public void verify() {
      // nothing was written
    }

    @Override
    public Chunk seal() {
      return chunk;
    }
  }

  private static boolean full(SealedRows rows) {
    return rows.size() >= CHUNK || rows.bytes() >= CHUNK_BYTES;
  }

  @Override
  public void close() {
    reader.close();
  }
}

package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.Outcome;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.Patience;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.Writer;
import io.tideline.run.Step;
import java.time.Instant;
import java.util.List;

/**
 * Closes a manifest: first its deletes are made durable, then it is written what became of its
 * rows.
 */
final class Closing {
  private final RunContext context;
  private final Writer writer;
  private final Pacer pacer;

  Closing(RunContext context, Writer writer, Pacer pacer) {
    this.context = context;
    this.writer = writer;
    this.pacer = pacer;
  }

  /** Closes a manifest of one segment. */
  void close(Manifest manifest, Fates fates) {
    close(manifest, List.of(fates));
  }

  /** Closes a manifest, whose segments' fates come in its order. */
  void close(Manifest manifest, List<Fates> fates) {
    Patience.makeDurable(writer, pacer);
    context.listener().stepped(Step.DELETES_DURABLE);
    context.close(
        manifest,
        new Outcome(
            Manifest.VERSION,
            context.run(),
            Instant.now(context.clock()),
            fates.stream().map(Fates::outcome).toList()));
  }
}

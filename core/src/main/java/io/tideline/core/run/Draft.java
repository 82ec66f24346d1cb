package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.plan.PolicyTime;
import io.tideline.run.Step;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A segment on its way into the archive: rows are written, the file is finished, then verified from
 * disk, at last named by a manifest. Each may be another thread's, one after the other. Until the
 * manifest is written the file is nothing, and a later run removes it.
 */
public final class Draft implements AutoCloseable {
  private final RunContext context;
  private final int number;
  private final SegmentSealer sealer;
  private Manifest.@Nullable Segment segment;

  Draft(RunContext context, int number, SegmentSealer sealer) {
    this.context = context;
    this.number = number;
    this.sealer = sealer;
  }

  /** Takes the rows. */
  public SegmentSealer rows() {
    return sealer;
  }

  /** Completes the file and makes it durable. */
  public void finish(Optional<PolicyTime> time) {
    segment = sealer.finish(time.map(PolicyTime::column), time.map(PolicyTime::encoding));
  }

  /** Decodes the finished file from disk and compares every row. */
  public void verify() {
    sealer.verify(finished());
  }

  /**
   * Writes the manifest of the verified file; from here on its rows are safe. Only the thread of
   * the lease's session may.
   *
   * @throws io.tideline.error.TidelineException {@code LEASE_LOST}, {@code CONNECTION_LOST}:
   *     another run may be archiving the same rows, so the file must stay nothing
   */
  public Manifest seal(String policy, Optional<Instant> cutoff, String catalogueVersion) {
    context.lease().confirm();
    Manifest manifest =
        new Manifest(
            Manifest.VERSION,
            context.identity().id(),
            context.identity().source(),
            context.run(),
            number,
            Instant.now(context.clock()),
            policy,
            cutoff,
            catalogueVersion,
            List.of(finished()));
    context
        .archive()
        .writeOnce(
            context.run(),
            String.format("%04d.manifest.json", number),
            manifest,
            () -> context.listener().stepped(Step.MANIFEST_WRITTEN));
    context.listener().stepped(Step.SEALED);
    return manifest;
  }

  private Manifest.Segment finished() {
    if (segment == null) {
      throw new IllegalStateException("the segment is not finished");
    }
    return segment;
  }

  @Override
  public void close() {
    sealer.close();
  }
}

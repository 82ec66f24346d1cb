package io.tideline.core.work;

import io.tideline.catalogue.Partition;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SegmentSealer;
import io.tideline.core.rule.PolicyTime;
import io.tideline.run.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Segments on their way into the archive: rows are written, the files are finished, then verified
 * from disk, at last named by one manifest. Each may be another thread's, one after the other.
 * Until the manifest is written the files have temporary names, and a later run removes them.
 */
public final class Draft implements AutoCloseable {
  /** Keeps the names of files apart: a manifest has fewer segments of rows. */
  private static final int FIRST_DETACHED = 10_000;

  private final RunContext context;
  private final int number;
  private final List<SegmentSealer> sealers = new ArrayList<>();
  private final List<SegmentSealer> detached = new ArrayList<>();
  private Optional<Partition> partition = Optional.empty();
  private final List<Manifest.Segment> finished = new ArrayList<>();
  private boolean stepwise;

  /** A manifest of the given number. */
  public Draft(RunContext context, int number) {
    this.context = context;
    this.number = number;
  }

  /** The rows are of a partition that is to go whole: found detached, the manifest tells whose. */
  public void of(Partition whole) {
    partition = Optional.of(whole);
  }

  /** Begins another segment. */
  public SegmentSealer add(SegmentPlace place) {
    SegmentSealer sealer = place.open(context, number, sealers.size());
    sealers.add(sealer);
    return sealer;
  }

  /** Begins a segment of what columns hold that will become NULL. */
  public SegmentSealer addDetached(SegmentPlace place) {
    SegmentSealer sealer = place.open(context, number, FIRST_DETACHED + detached.size());
    detached.add(sealer);
    return sealer;
  }

  /** Notes that the rows will go in several transactions. */
  public void stepwise() {
    stepwise = true;
  }

  private List<SegmentSealer> all() {
    return Stream.concat(sealers.stream(), detached.stream()).toList();
  }

  /** Takes the rows of the first segment. */
  public SegmentSealer rows() {
    return sealers.get(0);
  }

  /**
   * Completes the files and makes them durable.
   *
   * @param time where the time of the first segment's rows stands
   */
  public void finish(Optional<PolicyTime> time) {
    Optional<PolicyTime> read = time;
    for (SegmentSealer sealer : all()) {
      finished.add(sealer.finish(read.map(PolicyTime::column), read.map(PolicyTime::encoding)));
      read = Optional.empty();
    }
  }

  /** Decodes the finished files from disk and compares every row; rests as a run's reading does. */
  public void verify() {
    Breath breath = new Breath(context);
    for (int i = 0; i < finished.size(); i++) {
      all().get(i).verify(finished.get(i), (ordinal, row, digest) -> breath.row());
    }
  }

  /**
   * Writes the manifest of the verified files and gives them their names; from here on their rows
   * are safe, and the archive's record tells of them. Only the thread of the lease's session may.
   *
   * @throws io.tideline.error.TidelineException {@code LEASE_LOST}, {@code CONNECTION_LOST}:
   *     another run may be archiving the same rows, so the file must stay nothing
   */
  public Manifest seal(String policy, Optional<Instant> cutoff, String catalogueVersion) {
    return seal(policy, cutoff, catalogueVersion, Optional.empty());
  }

  /**
   * As the other, for rows of trees.
   *
   * @param tree how they hang together
   */
  public Manifest seal(
      String policy,
      Optional<Instant> cutoff,
      String catalogueVersion,
      Optional<Manifest.Tree> tree) {
    context.lease().confirm();
    all().forEach(SegmentSealer::requireVerified);
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
            finished.subList(0, sealers.size()),
            finished.subList(sealers.size(), finished.size()),
            stepwise,
            tree.orElse(null),
            partition,
            context.record().head().orElse(null));
    context
        .archive()
        .seal(
            manifest,
            () -> {
              all().forEach(SegmentSealer::name);
              context.listener().stepped(Step.MANIFEST_WRITTEN);
            });
    context.listener().stepped(Step.SEALED);
    context.record().sealed(manifest);
    return manifest;
  }

  @Override
  public void close() {
    all().forEach(SegmentSealer::close);
  }
}

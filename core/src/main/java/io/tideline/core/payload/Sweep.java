package io.tideline.core.payload;

import io.tideline.core.archive.SegmentFile;
import io.tideline.dialect.Lease;
import io.tideline.error.ExitCode;
import io.tideline.plan.PayloadPlan;
import io.tideline.policy.Payloads;
import io.tideline.run.PayloadSweep;
import io.tideline.run.RunEvent;
import io.tideline.run.RunListener;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One sweep of a store: files that nothing holds go to the trash; then every reference is read
 * again, what is held comes back, and what lay in the trash for the second grace is removed.
 */
final class Sweep {
  /** Files between two looks at the lease, and lines between two that are made durable. */
  static final int BATCH = 500;

  private static final int PROBLEMS = 100;

  private final String run;
  private final Instant now;
  private final Payloads payloads;
  private final Trash trash;
  private final RemovalRecords.Writer record;
  private final Lease lease;
  private final AtomicBoolean stopping;
  private final RunListener listener;
  private final int most;
  private final Amounts trashed = new Amounts();
  private final Amounts returned = new Amounts();
  private final Amounts removed = new Amounts();
  private final Amounts waiting = new Amounts();
  private final List<String> problems = new ArrayList<>();
  private final List<Trash.Trashed> batch = new ArrayList<>();
  private int sinceConfirmed;

  Sweep(
      String run,
      Instant now,
      Payloads payloads,
      Trash trash,
      RemovalRecords.Writer record,
      Lease lease,
      AtomicBoolean stopping,
      RunListener listener,
      int most) {
    this.run = run;
    this.now = now;
    this.payloads = payloads;
    this.trash = trash;
    this.record = record;
    this.lease = lease;
    this.stopping = stopping;
    this.listener = listener;
    this.most = most;
  }

  /** Moves one file to the trash. */
  void take(StoreFolder.Found found) {
    if (!goOn()) {
      return;
    }
    try {
      if (trash.take(run, found)) {
        trashed.add(found.attributes().size());
        listener.on(new RunEvent.Progressed(0, 1));
      }
    } catch (IOException e) {
      problem("Cannot move " + found.path() + " to the trash: " + StoreFolder.reason(e));
    }
  }

  /** Judges everything in the trash by references that are read now. */
  void judgeTrash(References references) {
    Amounts there = new Amounts();
    trash.walk(file -> there.add(0), (path, reason) -> problem(path + ": " + reason));
    int parts = Part.count(there.amount().files(), most);
    for (int i = 0; i < parts && there.amount().files() > 0; i++) {
      Part part = new Part(i, parts);
      PackedHashes hashes = new PackedHashes();
      trash.walk(
          file -> {
            long key = key(file);
            if (part.has(key)) {
              hashes.add(key);
            }
          },
          (path, reason) -> {});
      hashes.sort();
      references.mark(part, hashes, references.tallies(), payloads, PayloadPlan.Listing.NONE);
      trash.walk(
          file -> {
            if (part.has(key(file)) && hashes.contains(key(file))) {
              judge(file, (hashes.marks(key(file)) & PackedHashes.HELD) != 0);
            }
          },
          (path, reason) -> {});
      removeBatch();
    }
    trash.tidy();
  }

  private static long key(Trash.Trashed file) {
    return Mention.key(file.found().hash().orElseThrow());
  }

  private void judge(Trash.Trashed file, boolean held) {
    boolean over = file.at().isBefore(now.minus(payloads.grace()));
    if (held) {
      giveBack(file, over);
    } else if (over) {
      batch.add(file);
      if (batch.size() == BATCH) {
        removeBatch();
      }
    } else {
      waiting.add(file.bytes());
    }
  }

  private void giveBack(Trash.Trashed file, boolean over) {
    try {
      if (trash.giveBack(file)) {
        returned.add(file.bytes());
      } else if (whole(file)) {
        superfluous(file, over);
      } else {
        waiting.add(file.bytes());
        problem(
            file.found().path()
                + " is referred to again, but in its place lies a file of other content; the one in"
                + " the trash stays there");
      }
    } catch (IOException e) {
      waiting.add(file.bytes());
      problem("Cannot put " + file.found().path() + " back: " + StoreFolder.reason(e));
    }
  }

  /** Whether the application wrote the file anew, and rightly. */
  private boolean whole(Trash.Trashed file) throws IOException {
    return SegmentFile.sha256(trash.place(file)).equals(file.found().hash().orElseThrow());
  }

  /** A second copy of what lies in its place: no payload goes with it, so no record tells of it. */
  private void superfluous(Trash.Trashed file, boolean over) throws IOException {
    if (over && goOn()) {
      trash.remove(file);
    } else {
      waiting.add(file.bytes());
    }
  }

  private void removeBatch() {
    if (batch.isEmpty() || !goOn()) {
      batch.forEach(file -> waiting.add(file.bytes()));
      batch.clear();
      return;
    }
    lease.confirm();
    record.add(
        batch.stream()
            .map(
                file ->
                    new RemovalRecords.Line(
                        file.found().hash().orElseThrow(), file.bytes(), file.run()))
            .toList());
    for (Trash.Trashed file : batch) {
      try {
        trash.remove(file);
        removed.add(file.bytes());
        listener.on(new RunEvent.Progressed(0, 1));
      } catch (IOException e) {
        waiting.add(file.bytes());
        problem("Cannot remove " + file.found().path() + ": " + StoreFolder.reason(e));
      }
    }
    batch.clear();
  }

  private boolean goOn() {
    if (++sinceConfirmed >= BATCH) {
      sinceConfirmed = 0;
      lease.confirm();
    }
    return !stopping.get();
  }

  private void problem(String text) {
    if (problems.size() < PROBLEMS) {
      problems.add(text + ".");
    }
  }

  /** What it did. */
  PayloadSweep report() {
    ExitCode exit =
        stopping.get() ? ExitCode.STOPPED : problems.isEmpty() ? ExitCode.DONE : ExitCode.ROWS_LEFT;
    return new PayloadSweep(
        run,
        now,
        exit,
        trashed.amount(),
        returned.amount(),
        removed.amount(),
        waiting.amount(),
        problems);
  }
}

package io.tideline.core.payload;

import io.tideline.plan.Finding;
import io.tideline.plan.PayloadPlan;
import io.tideline.plan.PayloadPlan.State;
import io.tideline.policy.Payloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Judges every file of a store, in as many passes as bound the memory. */
final class StoreSurvey {
  /** The files of one pass: 36 MB of marks. */
  static final int MOST = 4_000_000;

  private final StoreFolder folder;
  private final Trash trash;
  private final Payloads payloads;
  private final References references;
  private final Optional<ArchivedReferences> archived;
  private final Instant now;
  private final int most;
  private final PayloadPlan.Listing listing;
  private final List<Finding> findings = new ArrayList<>();
  private final Amounts files = new Amounts();
  private final Amounts held = new Amounts();
  private final Amounts released = new Amounts();
  private final Amounts orphans = new Amounts();
  private final Amounts young = new Amounts();
  private final Amounts goes = new Amounts();
  private final Amounts misfiled = new Amounts();
  private final Amounts strange = new Amounts();
  private final Amounts links = new Amounts();
  private final Amounts trashed = new Amounts();

  StoreSurvey(
      StoreFolder folder,
      Trash trash,
      Payloads payloads,
      References references,
      Optional<ArchivedReferences> archived,
      Instant now,
      int most,
      PayloadPlan.Listing listing) {
    this.folder = folder;
    this.trash = trash;
    this.payloads = payloads;
    this.references = references;
    this.archived = archived;
    this.now = now;
    this.most = most;
    this.listing = listing;
  }

  /**
   * Judges all of them.
   *
   * @param going takes each file that may go, after every reference to it was read
   */
  PayloadPlan judge(Consumer<StoreFolder.Found> going) {
    findings.addAll(references.findings());
    folder.walk(false, new First());
    trash.walk(
        file -> {
          trashed.add(file.found().attributes().size());
          listing.item(
              State.TRASHED,
              StoreFolder.TRASH + "/" + file.run() + "/" + file.found().path(),
              file.found().attributes().size());
        },
        this::unreadable);
    int parts = Part.count(files.amount().files() + trashed.amount().files(), most);
    var tallies = references.tallies();
    for (int i = 0; i < parts; i++) {
      Part part = new Part(i, parts);
      PackedHashes hashes = collect(part);
      references.mark(part, hashes, tallies, payloads, listing);
      if (hashes.anyUnmarked()) {
        archived.ifPresent(each -> each.mark(hashes));
      }
      folder.walk(false, new Judging(part, hashes, going));
    }
    return new PayloadPlan(
        folder.root(),
        now,
        references.cutoff(),
        files.amount(),
        held.amount(),
        released.amount(),
        orphans.amount(),
        young.amount(),
        goes.amount(),
        misfiled.amount(),
        strange.amount(),
        links.amount(),
        trashed.amount(),
        tallies.stream().flatMap(List::stream).map(ColumnTally::report).toList(),
        findings);
  }

  private PackedHashes collect(Part part) {
    PackedHashes hashes = new PackedHashes();
    folder.walk(
        true,
        new StoreFolder.Visitor() {
          @Override
          public void found(StoreFolder.Found found) {
            add(part, hashes, found);
          }

          @Override
          public void unreadable(String path, String reason) {
            // The first walk told.
          }
        });
    trash.walk(file -> add(part, hashes, file.found()), (path, reason) -> {});
    hashes.sort();
    return hashes;
  }

  private static void add(Part part, PackedHashes hashes, StoreFolder.Found found) {
    found.hash().map(Mention::key).filter(part::has).ifPresent(hashes::add);
  }

  private void unreadable(String path, String reason) {
    findings.add(
        new Finding(
            "payloads-unreadable",
            "the folder " + path + " cannot be read (" + reason + "): nothing in it is judged",
            "Mend its rights."));
  }

  /** Counts everything once. */
  private final class First implements StoreFolder.Visitor {
    @Override
    public void found(StoreFolder.Found found) {
      long size = found.attributes().size();
      switch (found.kind()) {
        case PLACED -> files.add(size);
        case MISFILED -> tell(misfiled, State.MISFILED, found);
        case STRANGE -> tell(strange, State.STRANGE, found);
        case LINK -> tell(links, State.LINK, found);
      }
    }

    @Override
    public void unreadable(String path, String reason) {
      StoreSurvey.this.unreadable(path, reason);
    }
  }

  /** Judges the files of one part. */
  private final class Judging implements StoreFolder.Visitor {
    private final Part part;
    private final PackedHashes hashes;
    private final Consumer<StoreFolder.Found> going;

    Judging(Part part, PackedHashes hashes, Consumer<StoreFolder.Found> going) {
      this.part = part;
      this.hashes = hashes;
      this.going = going;
    }

    @Override
    public void found(StoreFolder.Found found) {
      if (found.kind() != StoreFolder.Kind.PLACED) {
        return;
      }
      long key = Mention.key(found.hash().orElseThrow());
      // A file that came since the names were collected was not looked for in any reference.
      if (part.has(key) && hashes.contains(key)) {
        judge(found, hashes.marks(key));
      }
    }

    private void judge(StoreFolder.Found found, byte marks) {
      long size = found.attributes().size();
      if ((marks & PackedHashes.HELD) != 0) {
        held.add(size);
        return;
      }
      boolean known = marks != 0;
      (known ? released : orphans).add(size);
      boolean old =
          found.attributes().lastModifiedTime().toInstant().isBefore(now.minus(payloads.grace()));
      if (!old) {
        tell(young, State.YOUNG, found);
      } else if (known || payloads.orphans()) {
        tell(goes, State.GOES, found);
        going.accept(found);
      } else {
        listing.item(State.ORPHAN, found.path(), size);
      }
    }

    @Override
    public void unreadable(String path, String reason) {
      // The first walk told.
    }
  }

  private void tell(Amounts amounts, State state, StoreFolder.Found found) {
    amounts.add(found.attributes().size());
    listing.item(state, found.path(), found.attributes().size());
  }
}

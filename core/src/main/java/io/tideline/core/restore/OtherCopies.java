package io.tideline.core.restore;

import io.tideline.catalogue.Table;
import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.work.RunContext;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import io.tideline.row.RowRanges;
import io.tideline.run.RestoreRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The archived rows of the source's tables that a restore does not choose, and those that it must
 * not take: what an earlier restore replaced would replace its own replacement, and so on for ever.
 */
final class OtherCopies {
  private final RunContext context;
  private final RestoreRequest request;
  private final List<ManifestEntry> entries;

  OtherCopies(RunContext context, RestoreRequest request) {
    this.context = context;
    this.request = request;
    this.entries = context.archive().manifests();
  }

  /** The parts without the rows that a restore replaced, unless a request names that restore. */
  List<Part> withoutReplaced(List<Part> parts, Table table, LeftOut leftOut) {
    List<Part> left = new ArrayList<>();
    for (Part part : parts) {
      Manifest manifest = part.chosen().manifest();
      if (!manifest.policy().isEmpty() || named(manifest)) {
        left.add(part);
      } else {
        String why = "the restore that replaced it meant so; --run " + manifest.run();
        Identity identity = Identity.of(table, List.of(part.mapping()));
        part.read(
            context,
            (ordinal, row) ->
                leftOut.add(
                    identity.display(part.mapping(), part.mapping().pick(row)),
                    why + " brings it back"));
      }
    }
    return left;
  }

  private boolean named(Manifest manifest) {
    return request.runs().contains(manifest.run()) || request.runs().contains(manifest.name());
  }

  /**
   * Chosen parts among the rows of later files that are not chosen, oldest first; rows that a
   * restore replaced count as the newest where they are chosen, and not at all where they are not.
   */
  List<Part> among(List<Part> chosen, Table table) {
    List<Part> all = new ArrayList<>();
    List<Part> replaced = new ArrayList<>();
    Map<Part, Boolean> taken = new IdentityHashMap<>();
    for (ManifestEntry entry : entries) {
      for (int number = 0; number < entry.manifest().segments().size(); number++) {
        int file = number;
        Optional<Part> part =
            chosen.stream()
                .filter(each -> each.chosen().manifest().name().equals(entry.manifest().name()))
                .filter(each -> each.chosen().number() == file)
                .findFirst();
        boolean byRun = !entry.manifest().policy().isEmpty();
        part.ifPresent(each -> taken.put(each, true));
        part.ifPresent((byRun ? all : replaced)::add);
        if (byRun && !taken.isEmpty() && isOf(entry, file, table)) {
          other(entry, file, part, table).ifPresent(all::add);
        }
      }
    }
    all.addAll(replaced);
    return all;
  }

  private static boolean isOf(ManifestEntry entry, int number, Table table) {
    return entry.manifest().segments().get(number).table().equals(table.name());
  }

  /** The rows of a file that left the table and are not chosen. */
  private Optional<Part> other(ManifestEntry entry, int number, Optional<Part> part, Table table) {
    Manifest.Segment segment = entry.manifest().segments().get(number);
    RowRanges without = entry.voided(number).or(entry.gone(number));
    BitSet rows = new BitSet();
    for (int row = 0; row < segment.rows(); row++) {
      rows.set(row, !without.contains(row));
    }
    part.ifPresent(each -> rows.andNot(each.chosen().rows()));
    if (rows.isEmpty()) {
      return Optional.empty();
    }
    try {
      Mapping mapping = Mapping.of(segment, table, false, request.map(), false);
      return Optional.of(new Part(new Chosen(entry, number, rows), mapping));
    } catch (TidelineException e) {
      if (e.code() != ErrorCode.RESTORE_IMPOSSIBLE) {
        throw e;
      }
      return Optional.empty(); // its rows lack the present key, so that none is a copy of another
    }
  }
}

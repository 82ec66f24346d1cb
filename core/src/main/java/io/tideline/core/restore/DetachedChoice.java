package io.tideline.core.restore;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.ManifestEntry;
import io.tideline.core.view.DetachedRows;
import io.tideline.core.view.TreeRows;
import io.tideline.row.RowRanges;
import io.tideline.run.RestoreRequest;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Finds the references that a request means to set again: a reference comes back with the row that
 * it refers to. One whose tree never went was never lost.
 */
final class DetachedChoice {
  private final DetachedRows values;
  private final RestoreRequest request;
  private final List<Chosen> chosen;
  private final Optional<TreeRows> tree;

  /**
   * @param chosen the rows that the request means
   * @param tree the tree that it means
   */
  DetachedChoice(
      DetachedRows values, RestoreRequest request, List<Chosen> chosen, Optional<TreeRows> tree) {
    this.values = values;
    this.request = request;
    this.chosen = chosen;
    this.tree = tree;
  }

  /** The references, those detached last first. */
  List<ChosenDetached> of(List<ManifestEntry> entries) {
    List<ChosenDetached> found = new ArrayList<>();
    for (int i = entries.size() - 1; i >= 0; i--) {
      for (int file = 0; file < entries.get(i).manifest().detached().size(); file++) {
        Optional<Manifest.Link> link = entries.get(i).manifest().link(file);
        if (link.filter(each -> Choice.matches(request, each.to())).isPresent()) {
          ChosenDetached each =
              new ChosenDetached(entries.get(i), file, rows(entries.get(i), file));
          if (!each.rows().isEmpty()) {
            found.add(each);
          }
        }
      }
    }
    return found;
  }

  private BitSet rows(ManifestEntry entry, int file) {
    BitSet rows = new BitSet();
    RowRanges attached = entry.attached(file);
    int to = entry.manifest().segmentOf(entry.manifest().link(file).orElseThrow().to());
    boolean narrow =
        request.where().isPresent() || request.from().isPresent() || request.to().isPresent();
    if (to < 0 && (narrow || tree.isPresent())) {
      return rows; // what it referred to is known to nobody
    }
    BitSet wanted = narrow ? chosen(entry, to) : new BitSet();
    RowRanges gone = to < 0 || request.gone() ? RowRanges.empty() : entry.gone(to);
    values.read(
        entry,
        file,
        (ordinal, row, referred) -> {
          boolean meant =
              to < 0
                  || referred >= 0
                      && !gone.contains(referred)
                      && (!narrow || wanted.get(referred))
                      && tree.map(each -> each.detached(file).get(ordinal)).orElse(true);
          if (meant && !attached.contains(ordinal)) {
            rows.set(ordinal);
          }
        });
    return rows;
  }

  private BitSet chosen(ManifestEntry entry, int segment) {
    return chosen.stream()
        .filter(each -> each.manifest().equals(entry.manifest()) && each.number() == segment)
        .map(Chosen::rows)
        .findFirst()
        .orElseGet(BitSet::new);
  }
}

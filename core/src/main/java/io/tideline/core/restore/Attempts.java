package io.tideline.core.restore;

import io.tideline.core.restore.Slice.Place;
import io.tideline.core.work.Pacer;
import io.tideline.core.work.RunContext;
import io.tideline.dialect.RefusedException;
import io.tideline.dialect.SurpriseException;
import io.tideline.dialect.Writer;
import io.tideline.policy.Pace;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts batches of rows back, each in one transaction. A batch that the database refuses is split
 * until the culprit stands alone.
 */
final class Attempts {
  private final Writer writer;
  private final RunContext context;

  Attempts(Writer writer, RunContext context) {
    this.writer = writer;
    this.context = context;
  }

  /**
   * Puts a batch back.
   *
   * @param units rows that can only come together, in the order in which they may come
   */
  void restore(List<Slice> slices, List<List<Place>> units) {
    if (!units.isEmpty()) {
      long began = System.nanoTime();
      split(slices, units);
      writer.relax(Pace.GENTLE);
      Pacer.breathe(context, System.nanoTime() - began);
      context.control().waitWhilePaused(context.listener());
    }
  }

  private void split(List<Slice> slices, List<List<Place>> units) {
    String reason;
    try {
      List<Attempt.Share> shares = shares(slices, units);
      new Attempt(writer, context.listener(), shares).make();
      return;
    } catch (RefusedException | SurpriseException e) {
      slices.forEach(slice -> slice.table().replacement().rolledBack());
      reason = String.valueOf(e.getMessage());
    }
    if (units.size() == 1) {
      for (Place place : units.get(0)) {
        Slice slice = slices.get(place.slice());
        slice.table().refused(slice.rows(), place.row(), reason);
      }
      return;
    }
    int middle = units.size() >>> 1;
    split(slices, units.subList(0, middle));
    split(slices, units.subList(middle, units.size()));
  }

  private static List<Attempt.Share> shares(List<Slice> slices, List<List<Place>> units) {
    List<List<Integer>> which = new ArrayList<>();
    slices.forEach(slice -> which.add(new ArrayList<>()));
    units.forEach(unit -> unit.forEach(place -> which.get(place.slice()).add(place.row())));
    List<Attempt.Share> shares = new ArrayList<>();
    for (int i = 0; i < slices.size(); i++) {
      if (!which.get(i).isEmpty()) {
        shares.add(new Attempt.Share(slices.get(i), which.get(i)));
      }
    }
    return shares;
  }
}

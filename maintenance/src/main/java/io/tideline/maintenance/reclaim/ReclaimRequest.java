package io.tideline.maintenance.reclaim;

import io.tideline.dialect.ReclaimWay;
import java.util.Optional;

/**
 * What is asked for.
 *
 * @param way only this way; the least harmful ones if empty
 * @param online whether a compact copy may be built beside live traffic
 * @param toIncremental whether a file that is written anew shall shrink in short steps from then on
 */
public record ReclaimRequest(Optional<ReclaimWay> way, boolean online, boolean toIncremental) {
  /** The least harmful ways, without a copy of the whole file. */
  public static final ReclaimRequest DEFAULT = new ReclaimRequest(Optional.empty(), false, false);
}

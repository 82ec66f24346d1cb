package io.tideline.store;

import java.time.Instant;

/**
 * A session of a trace store.
 *
 * @param session its name
 * @param newest when its newest trace came to be
 */
public record SessionSummary(String session, Instant newest) {}

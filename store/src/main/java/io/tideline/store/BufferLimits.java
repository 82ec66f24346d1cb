package io.tideline.store;

import java.time.Duration;

/** How much waits, and how long. */
record BufferLimits(
    int maxRows, long maxBytes, int flushRows, long flushBytes, Duration flushEvery) {}

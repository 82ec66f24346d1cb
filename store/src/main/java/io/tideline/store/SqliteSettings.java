package io.tideline.store;

import java.time.Duration;

/** What an opening has gathered. */
record SqliteSettings(
    SqliteOpening.Synchronous synchronous,
    Duration busyTimeout,
    Duration acquireTimeout,
    int readers,
    int statements,
    int pageCacheMib,
    boolean foreignKeys) {}

package io.tideline.maintenance.indexes;

import java.time.Duration;

/**
 * What may be done to indexes.
 *
 * @param replace whether one that differs may be replaced
 * @param blocking whether writers may be held off now, outside a window
 * @param patience how long may be waited for others in one go
 */
public record IndexRequest(boolean replace, boolean blocking, Duration patience) {}

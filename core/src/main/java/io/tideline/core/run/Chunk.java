package io.tideline.core.run;

import io.tideline.core.archive.Manifest;
import io.tideline.core.archive.SealedRows;
import io.tideline.row.Row;
import java.util.Optional;

/**
 * Rows that may be removed now: safe in the segment of a manifest, or needing no copy.
 *
 * @param manifest the manifest that makes them safe; empty for rows that are moved or deleted
 * @param rows where they stand and their digests
 * @param after the order's values after which they begin; from the start if empty
 * @param catalogueVersion the catalogue's version when they were read
 */
record Chunk(
    Optional<Manifest> manifest, SealedRows rows, Optional<Row> after, String catalogueVersion) {}

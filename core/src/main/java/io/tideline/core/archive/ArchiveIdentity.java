package io.tideline.core.archive;

import io.tideline.dialect.SourceIdentity;
import java.time.Instant;

/**
 * The file {@code archive.json} at the root of an archive.
 *
 * @param version the version of the archive's form, now 1
 * @param id the archive's own random id
 * @param source the database it belongs to
 * @param createdAt when it was made
 */
public record ArchiveIdentity(int version, String id, SourceIdentity source, Instant createdAt) {}

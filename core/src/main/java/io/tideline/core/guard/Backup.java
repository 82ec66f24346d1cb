package io.tideline.core.guard;

import io.tideline.dialect.SourceIdentity;
import java.time.Instant;

/**
 * That a backup was made: a file in the archive's folder {@code backups}.
 *
 * @param version the version of the archive's form
 * @param at the moment as of which the backup holds the database
 * @param verified whether it was read again and found whole
 * @param source the database that it is of
 * @param place where the backup lies, without secrets
 * @param sha256 the SHA-256 of the backup
 */
public record Backup(
    int version,
    Instant at,
    boolean verified,
    SourceIdentity source,
    String place,
    String sha256) {}

/**
 * The deletion record of an archive: one file to which lines are only added, each with the digest
 * of the one before, that tells what left the database.
 */
@NullMarked
package io.tideline.core.record;

import org.jspecify.annotations.NullMarked;

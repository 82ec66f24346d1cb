/** Partitions that shall be there before their time comes. */
@NullMarked
package io.tideline.maintenance.partitions;

import org.jspecify.annotations.NullMarked;

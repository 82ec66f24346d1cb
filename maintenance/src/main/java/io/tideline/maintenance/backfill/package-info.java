/** Changes of the values of live tables, in short steps, that can be taken back. */
@NullMarked
package io.tideline.maintenance.backfill;

import org.jspecify.annotations.NullMarked;

/** What a database holds: tables, columns, keys, foreign keys, indexes, triggers. */
@NullMarked
package io.tideline.catalogue;

import org.jspecify.annotations.NullMarked;

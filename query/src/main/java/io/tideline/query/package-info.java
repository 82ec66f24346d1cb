/** SQL over archives, by DuckDB in a sandbox. */
@NullMarked
package io.tideline.query;

import org.jspecify.annotations.NullMarked;

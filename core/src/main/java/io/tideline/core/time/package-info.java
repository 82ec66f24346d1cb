/** Reads the times of columns, however they are written, and finds out how they are. */
@NullMarked
package io.tideline.core.time;

import org.jspecify.annotations.NullMarked;

/** Rows as every dialect and archive format exchanges them, and their canonical encoding. */
@NullMarked
package io.tideline.row;

import org.jspecify.annotations.NullMarked;

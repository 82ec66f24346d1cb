/** Bringing archived rows back. */
@NullMarked
package io.tideline.core.restore;

import org.jspecify.annotations.NullMarked;

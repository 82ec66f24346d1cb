/** The library: {@link io.tideline.Tideline}. */
@NullMarked
package io.tideline;

import org.jspecify.annotations.NullMarked;

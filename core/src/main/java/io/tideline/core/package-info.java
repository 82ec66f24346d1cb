/** What the whole of core shares. */
@NullMarked
package io.tideline.core;

import org.jspecify.annotations.NullMarked;

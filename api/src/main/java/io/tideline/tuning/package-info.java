/**
 * What keeps queries quick: queries that an application asks, what is expected of their plans, and
 * the indexes that shall be there.
 */
@NullMarked
package io.tideline.tuning;

import org.jspecify.annotations.NullMarked;

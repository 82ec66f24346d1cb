/**
 * What keeps queries quick: the indexes that shall be there, and how those that are there stand.
 */
@NullMarked
package io.tideline.tuning;

import org.jspecify.annotations.NullMarked;

/**
 * What keeps queries quick: the indexes that shall be there, the queries that an application asks,
 * what is expected of their plans, how plans look, and the changes of live tables.
 */
@NullMarked
package io.tideline.tuning;

import org.jspecify.annotations.NullMarked;

/** Queries that an application asks, what is expected of their plans, and how plans look. */
@NullMarked
package io.tideline.tuning;

import org.jspecify.annotations.NullMarked;

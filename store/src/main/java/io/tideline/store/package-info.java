/**
 * Reads and writes of applications that stay flat as history grows, on SQLite and PostgreSQL alike.
 *
 * <p>Begin with {@link io.tideline.store.Database}. It needs nothing else of Tideline.
 */
@NullMarked
package io.tideline.store;

import org.jspecify.annotations.NullMarked;

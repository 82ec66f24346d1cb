/** The SQL and the habits of SQLite. */
@NullMarked
package io.tideline.sqlite;

import org.jspecify.annotations.NullMarked;

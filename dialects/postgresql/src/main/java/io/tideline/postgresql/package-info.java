/** PostgreSQL, its SQL and its habits. */
@NullMarked
package io.tideline.postgresql;

import org.jspecify.annotations.NullMarked;

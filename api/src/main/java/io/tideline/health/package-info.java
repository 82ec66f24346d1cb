/** What hurts a database, and what mends it. */
@NullMarked
package io.tideline.health;

import org.jspecify.annotations.NullMarked;

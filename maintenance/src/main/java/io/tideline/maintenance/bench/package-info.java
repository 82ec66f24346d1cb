/** A query or an address under load: what it takes, told so that a stall cannot hide. */
@NullMarked
package io.tideline.maintenance.bench;

import org.jspecify.annotations.NullMarked;

/** From policies and the catalogue to a plan. */
@NullMarked
package io.tideline.core.plan;

import org.jspecify.annotations.NullMarked;

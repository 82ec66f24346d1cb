/** What would happen: the plan, as pure data. */
@NullMarked
package io.tideline.plan;

import org.jspecify.annotations.NullMarked;

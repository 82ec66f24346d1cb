/** What must be so before rows are taken away, and while they are. */
@NullMarked
package io.tideline.core.guard;

import org.jspecify.annotations.NullMarked;

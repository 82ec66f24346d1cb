/** Carrying a plan out: archive, seal, delete, close, resume. */
@NullMarked
package io.tideline.core.run;

import org.jspecify.annotations.NullMarked;

/** Payload stores: which files rows refer to, and the way out of the folder for the others. */
@NullMarked
package io.tideline.core.payload;

import org.jspecify.annotations.NullMarked;

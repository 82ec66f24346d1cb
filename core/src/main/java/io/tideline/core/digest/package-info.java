/** Row digests. */
@NullMarked
package io.tideline.core.digest;

import org.jspecify.annotations.NullMarked;

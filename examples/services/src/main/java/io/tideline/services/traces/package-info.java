/** A store of traces over HTTP. */
@NullMarked
package io.tideline.services.traces;

import org.jspecify.annotations.NullMarked;

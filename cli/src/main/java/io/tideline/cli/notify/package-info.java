/** Tells programs and web servers how runs ended. */
@NullMarked
package io.tideline.cli.notify;

import org.jspecify.annotations.NullMarked;

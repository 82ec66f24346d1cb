/** What can go wrong, told so that it can be mended. */
@NullMarked
package io.tideline.error;

import org.jspecify.annotations.NullMarked;

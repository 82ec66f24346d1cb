/** What the archive shows, and whether it is whole. */
@NullMarked
package io.tideline.core.view;

import org.jspecify.annotations.NullMarked;

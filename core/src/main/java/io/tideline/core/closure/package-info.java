/** Trees: the rows that go with a root, found set by set. */
@NullMarked
package io.tideline.core.closure;

import org.jspecify.annotations.NullMarked;

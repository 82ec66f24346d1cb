/** Makes the indexes that are declared, and drops those that are declared absent. */
@NullMarked
package io.tideline.maintenance.indexes;

import org.jspecify.annotations.NullMarked;

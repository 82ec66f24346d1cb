/** Space given back to the operating system in the least harmful way. */
@NullMarked
package io.tideline.maintenance.reclaim;

import org.jspecify.annotations.NullMarked;

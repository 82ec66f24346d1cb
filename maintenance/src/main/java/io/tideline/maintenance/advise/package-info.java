/** Which index would mend a query, proven on a stand-in of the database. */
@NullMarked
package io.tideline.maintenance.advise;

import org.jspecify.annotations.NullMarked;

/** The service interface of an archive format. A format never knows a database. */
@NullMarked
package io.tideline.archive;

import org.jspecify.annotations.NullMarked;

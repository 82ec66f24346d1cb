/** The service interface of a database engine. A dialect never knows an archive. */
@NullMarked
package io.tideline.dialect;

import org.jspecify.annotations.NullMarked;

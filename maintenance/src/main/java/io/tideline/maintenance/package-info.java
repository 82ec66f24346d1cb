/** What keeps a database well beside retention: assessment, space given back, backups. */
@NullMarked
package io.tideline.maintenance;

import org.jspecify.annotations.NullMarked;

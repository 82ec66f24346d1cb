/** Judges the plans of an application's queries. */
@NullMarked
package io.tideline.maintenance.check;

import org.jspecify.annotations.NullMarked;

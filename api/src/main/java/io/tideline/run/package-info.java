/** What happened: events while a run goes, and its report. */
@NullMarked
package io.tideline.run;

import org.jspecify.annotations.NullMarked;

/** What hurts a database: facts from its dialect, judged here whatever the engine. */
@NullMarked
package io.tideline.maintenance.inspect;

import org.jspecify.annotations.NullMarked;

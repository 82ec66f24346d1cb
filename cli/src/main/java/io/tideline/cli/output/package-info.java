/** How results look: tables, numbers, progress, JSON. */
@NullMarked
package io.tideline.cli.output;

import org.jspecify.annotations.NullMarked;

/** What an operator declares of the shape of tables, beside what happens to their rows. */
@NullMarked
package io.tideline.tuning;

import org.jspecify.annotations.NullMarked;

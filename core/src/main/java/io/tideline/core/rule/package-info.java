/** From policies, holds and the catalogue to the rules that each row is judged by. */
@NullMarked
package io.tideline.core.rule;

import org.jspecify.annotations.NullMarked;

/** Tideline side by side with what a person would pick instead, as ratios within one run. */
@NullMarked
package io.tideline.benchmarks;

import org.jspecify.annotations.NullMarked;

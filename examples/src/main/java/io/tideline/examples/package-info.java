/** Makes the databases of the examples, the same rows for the same seed and instant. */
@NullMarked
package io.tideline.examples;

import org.jspecify.annotations.NullMarked;

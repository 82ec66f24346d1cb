/** The file {@code tideline.yaml}: read, checked as a whole, and turned into settings. */
@NullMarked
package io.tideline.config;

import org.jspecify.annotations.NullMarked;

/** A store of real size and a walk through it. */
@NullMarked
package io.tideline.cli.demo;

import org.jspecify.annotations.NullMarked;

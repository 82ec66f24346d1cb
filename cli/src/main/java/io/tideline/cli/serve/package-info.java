/**
 * What runs by itself: decides when, remembers what ran, and tells how it stands. It knows no
 * command: what it runs is given to it.
 */
@NullMarked
package io.tideline.cli.serve;

import org.jspecify.annotations.NullMarked;

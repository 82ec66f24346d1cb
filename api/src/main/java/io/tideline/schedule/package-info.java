/** When policies and jobs run by themselves, and who is told. */
@NullMarked
package io.tideline.schedule;

import org.jspecify.annotations.NullMarked;

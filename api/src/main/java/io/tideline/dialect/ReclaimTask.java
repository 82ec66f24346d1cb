package io.tideline.dialect;

import io.tideline.run.WorkListener;
import java.util.function.BooleanSupplier;

/**
 * How to do what a {@link ReclaimOption} says.
 *
 * @param toIncremental whether a file that is written anew shall be able to shrink in short steps
 *     from then on
 * @param stopping whether somebody wants it to end early; asked often
 * @param listener hears how far it is
 */
public record ReclaimTask(boolean toIncremental, BooleanSupplier stopping, WorkListener listener) {}

package io.tideline.dialect;

import io.tideline.health.Finding;
import java.util.List;
import java.util.function.Supplier;

/**
 * One look for what an engine alone can know.
 *
 * @param name what is looked at, for a person
 * @param look looks; throws {@link UnseenException} if it cannot
 */
public record Checkup(String name, Supplier<List<Finding>> look) {}

package io.tideline.archive;

import io.tideline.catalogue.NaturalType;

/**
 * A column of a segment.
 *
 * @param name its name in the source
 * @param declaredType the source's declared type
 * @param type how ordinary values are stored; {@link NaturalType.Family#ANY} only before a writer
 *     has chosen
 */
public record SegmentColumn(String name, String declaredType, NaturalType type) {}

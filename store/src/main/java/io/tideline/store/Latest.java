package io.tideline.store;

import org.jspecify.annotations.Nullable;

/**
 * The newest row of a key.
 *
 * @param key the key as it is stored; whole numbers as {@code Long}
 * @param window the window that was asked for, or null if none was
 * @param row the row
 */
public record Latest<T>(Object key, @Nullable String window, T row) {}

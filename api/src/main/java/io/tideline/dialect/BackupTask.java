package io.tideline.dialect;

import io.tideline.run.WorkListener;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * A backup to be made.
 *
 * @param file where it goes: an empty file
 * @param stopping whether somebody wants it to end early; asked often
 * @param listener hears how far it is
 */
public record BackupTask(Path file, BooleanSupplier stopping, WorkListener listener) {}

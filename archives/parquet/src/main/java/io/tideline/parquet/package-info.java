/** Columnar segments in Apache Parquet, without Hadoop. */
@NullMarked
package io.tideline.parquet;

import org.jspecify.annotations.NullMarked;

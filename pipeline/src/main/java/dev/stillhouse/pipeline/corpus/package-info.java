/**
 * Reads a user's files as documents, without Beam.
 *
 * <pre>
 * arguments -> CorpusPlan -> CorpusSplit (a list of FileSplit) -> DocumentReader -> DocumentSink
 * </pre>
 *
 * <p>Planning reads every byte once or twice and holds none. A .txt or .jsonl file may be
 * compressed: its bytes are hashed as they are stored, then inflated as a stream ({@link
 * dev.stillhouse.pipeline.corpus.FileSplitInput}), so memory does not depend on the ratio. It is
 * never cut. Of a .parquet file one column of strings is read, and it is cut where row groups start
 * ({@link dev.stillhouse.pipeline.corpus.ParquetReader}).
 *
 * <p>The choice of documents is made in two places: {@code --max-documents} while planning, so that
 * the plan ends there, and {@code --sample} by {@link
 * dev.stillhouse.pipeline.corpus.SubsampledDocuments} between reader and packer. A document that
 * cannot be read goes to {@link dev.stillhouse.pipeline.corpus.DocumentSink#bad}: it fails the run
 * or is left out whole. A file that cannot be read always fails.
 *
 * <p>More than 30 classes stand here: finding files, cutting them and reading them share a format's
 * rules, which no other package sees.
 *
 * <p>Splits and settings are {@link java.io.Serializable}, because Beam ships them.
 */
@NullMarked
package dev.stillhouse.pipeline.corpus;

import org.jspecify.annotations.NullMarked;

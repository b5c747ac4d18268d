package dev.stillhouse.pipeline.job.imports;

import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.tokenizer.TextTokenizer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A request for an import.
 *
 * @param format name of the format
 * @param paths files and folders
 * @param settings of the format
 * @param out path or URI of the dataset; "" to look only
 * @param layout name of its layout
 * @param teacher name of the teacher, for people; "" if it is not known
 * @param tokenizer that made the tokens, if it is known
 * @param vocabulary number of ids, if there is no tokenizer or the teacher has more
 * @param sequenceLength positions of a row; those of the longest sequence if absent
 * @param shardSequences rows of a shard
 * @param topK the best entries that are kept; as many as the source has if absent
 * @param target whether the target is kept where it is not among the best
 * @param normaliseKept whether logits without a normaliser are normalised over the kept entries
 * @param errorBound the source's error in nats, if it is not what the format says
 * @param alignmentCheck whether rows that seem to be off by one are refused
 */
public record ImportRequest(
    String format,
    List<String> paths,
    ImportSettings settings,
    String out,
    String layout,
    String teacher,
    Optional<TextTokenizer> tokenizer,
    OptionalInt vocabulary,
    OptionalInt sequenceLength,
    int shardSequences,
    OptionalInt topK,
    boolean target,
    boolean normaliseKept,
    OptionalDouble errorBound,
    boolean alignmentCheck) {}

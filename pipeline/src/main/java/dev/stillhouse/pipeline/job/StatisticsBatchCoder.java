package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.statistics.Provenance;
import dev.stillhouse.storage.statistics.StatisticsBatch;
import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;

/** Writes statistics as bytes, for {@link PartFile}. */
public final class StatisticsBatchCoder extends CustomCoder<StatisticsBatch> {
  private static final long serialVersionUID = 1;

  private final TokenBatchCoder tokens = new TokenBatchCoder();

  @Override
  public void encode(StatisticsBatch batch, OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    int slots = batch.tokens().slots();
    int entries = batch.entries();
    tokens.encode(batch.tokens(), out);
    CodedArrays.write(batch.offsets(), slots + 1, out);
    CodedArrays.write(batch.ids(), entries, out);
    CodedArrays.write(batch.logProbs(), entries, out);
    Provenance provenance = batch.provenance();
    CodedArrays.write(provenance.reasons(), Math.min(entries, provenance.reasons().length), out);
    CodedArrays.write(provenance.counts(), Math.min(entries, provenance.counts().length), out);
    CodedArrays.write(
        provenance.logProposals(), Math.min(entries, provenance.logProposals().length), out);
    CodedArrays.write(batch.logTail(), slots, out);
    CodedArrays.write(batch.entropy(), slots, out);
    CodedArrays.write(batch.logNormaliser(), slots, out);
    CodedArrays.write(batch.targetLogProb(), slots, out);
    out.writeInt(batch.further().length);
    for (float[] values : batch.further()) {
      CodedArrays.write(values, slots, out);
    }
  }

  @Override
  public StatisticsBatch decode(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    TokenBatch batch = tokens.decode(in);
    int[] offsets = CodedArrays.readInts(in);
    int[] ids = CodedArrays.readInts(in);
    float[] logProbs = CodedArrays.readFloats(in);
    Provenance provenance =
        new Provenance(
            CodedArrays.readBytes(in), CodedArrays.readInts(in), CodedArrays.readFloats(in));
    float[] logTail = CodedArrays.readFloats(in);
    float[] entropy = CodedArrays.readFloats(in);
    float[] logNormaliser = CodedArrays.readFloats(in);
    float[] targetLogProb = CodedArrays.readFloats(in);
    float[][] further = new float[in.readInt()][];
    for (int i = 0; i < further.length; i++) {
      further[i] = CodedArrays.readFloats(in);
    }
    return new StatisticsBatch(
        batch,
        offsets,
        ids,
        logProbs,
        provenance,
        logTail,
        entropy,
        logNormaliser,
        targetLogProb,
        further);
  }

  @Override
  public void verifyDeterministic() {
    // Equal batches are equal bytes.
  }
}

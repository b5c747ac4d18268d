package dev.stillhouse.pipeline.job;

import dev.stillhouse.storage.statistics.TokenBatch;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;

/** Writes tokens as bytes, for {@link PartFile}. */
public final class TokenBatchCoder extends CustomCoder<TokenBatch> {
  private static final long serialVersionUID = 1;

  @Override
  public void encode(TokenBatch batch, OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    out.writeLong(batch.firstSequence());
    out.writeInt(batch.length());
    CodedArrays.write(batch.tokens(), batch.slots(), out);
    CodedArrays.write(batch.segments(), batch.slots(), out);
  }

  @Override
  public TokenBatch decode(InputStream from) throws IOException {
    DataInputStream in = new DataInputStream(from);
    return new TokenBatch(
        in.readLong(), in.readInt(), CodedArrays.readInts(in), CodedArrays.readInts(in));
  }

  @Override
  public void verifyDeterministic() {
    // Equal batches are equal bytes.
  }
}

// SPDX-License-Identifier: Apache-2.0

import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.LoadedBatch;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.dense.DenseArrow;
import dev.stillhouse.storage.loader.dense.DenseField;
import dev.stillhouse.storage.loader.dense.DenseForm;
import dev.stillhouse.storage.loader.dense.NumberType;
import java.util.stream.Stream;
import com.google.common.collect.ImmutableList;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/** The Java loader's own rate: DATASET K BATCH EPOCHS, into Arrow vectors of the form that loaders.py asks for. */
public class DenseRate {
  public static void main(String[] args) {
    ImmutableList<DenseField> fields =
        Stream.of("tokens", "ids", "log_probs", "log_tail").map(DenseField::named).collect(ImmutableList.toImmutableList());
    DenseForm form = new DenseForm(Integer.parseInt(args[1]), NumberType.INT32, NumberType.FLOAT16, fields);
    int batch = Integer.parseInt(args[2]);
    long rows = 0;
    long began = System.nanoTime();
    long first = 0;
    try (Dataset dataset = Dataset.open(args[0]);
        RootAllocator allocator = new RootAllocator();
        VectorSchemaRoot root =
            VectorSchemaRoot.create(DenseArrow.schema(form, dataset.manifest().sequenceLength()), allocator);
        StudentLoader loader =
            StudentLoader.open(dataset).seed(1).batch(batch).epochs(Integer.parseInt(args[3]))
                .projection(form.projection()).start()) {
      while (loader.hasNext()) {
        LoadedBatch step = loader.next();
        DenseArrow.load(root.getFieldVectors(), step, 0, form, allocator);
        if (first == 0) {
          first = System.nanoTime();
        } else {
          rows += step.rows();
        }
      }
      double seconds = (System.nanoTime() - first) / 1e9;
      System.out.printf("%f %f%n", rows * dataset.manifest().sequenceLength() / seconds, (first - began) / 1e9);
    }
  }
}

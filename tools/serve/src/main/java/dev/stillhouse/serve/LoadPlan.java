package dev.stillhouse.serve;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.dataset.Dataset;
import dev.stillhouse.storage.loader.Cursor;
import dev.stillhouse.storage.loader.MixtureSpec;
import dev.stillhouse.storage.loader.StudentLoader;
import dev.stillhouse.storage.loader.StudentLoaderBuilder;
import dev.stillhouse.storage.loader.dense.DenseArrow;
import dev.stillhouse.storage.loader.dense.DenseField;
import dev.stillhouse.storage.loader.dense.DenseForm;
import dev.stillhouse.storage.statistics.StatisticSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * A request whose names are datasets that are open: the loader and the shape of its batches.
 *
 * @param request what was asked
 * @param datasets one, or those of the mixture, and behind them those that are joined
 * @param form columns of the first teacher
 * @param joined columns of each further teacher, those that the teacher decides
 */
record LoadPlan(
    LoadRequest request,
    ImmutableList<Dataset> datasets,
    DenseForm form,
    Optional<DenseForm> joined) {
  /** Forced ids have no limit of their own; a batch is dense. */
  private static final int MAX_FORCED = 1 << 12;

  /** Opens what a request names, and checks what can be checked without reading. */
  static LoadPlan of(LoadRequest request, ServedDatasets served) {
    Optional<Cursor> start = request.start();
    List<Dataset> opened = new ArrayList<>();
    LoadRequest pinned = request;
    if (request.mix().isEmpty()) {
      Dataset first =
          request.version() >= 0
              ? served.version(request.dataset(), request.version())
              : served.of(request.dataset(), start);
      opened.add(first);
      pinned = request.pinned(first.manifest().version());
    } else if (request.version() >= 0) {
      throw new UsageException("version is of one dataset; a mixture has several");
    } else {
      MixtureSpec.parse(request.mix()).names().forEach(name -> opened.add(served.newest(name)));
    }
    request.with().forEach(name -> opened.add(served.newest(name)));
    DenseForm form = form(request, opened);
    return new LoadPlan(
        pinned, ImmutableList.copyOf(opened), form, ofTeacher(form, request.with().size()));
  }

  private static DenseForm form(LoadRequest request, List<Dataset> opened) {
    int k = request.k();
    for (Dataset dataset : opened) {
      int kept = mostEntries(dataset.statistic());
      if (request.k() < 0) {
        k = Math.max(k, kept);
      } else if (request.k() > kept) {
        throw UsageException.of(
            "k %d: the dataset keeps %s, at most %d entries of a position",
            request.k(), dataset.statistic(), kept);
      }
    }
    return request.columns().isEmpty()
        ? new DenseForm(k, request.integerType(), request.floatType())
        : new DenseForm(
            k,
            request.integerType(),
            request.floatType(),
            request.columns().stream()
                .map(DenseField::named)
                .collect(ImmutableList.toImmutableList()));
  }

  /** Returns how many entries of a position a batch may have. */
  private static int mostEntries(StatisticSpec spec) {
    return spec.forced().isPresent() ? Math.max(spec.maxTop(), MAX_FORCED) : spec.maxEntries();
  }

  private static Optional<DenseForm> ofTeacher(DenseForm form, int joined) {
    ImmutableList<DenseField> fields =
        form.fields().stream()
            .filter(field -> !field.ofSequences())
            .collect(ImmutableList.toImmutableList());
    return joined == 0 || fields.isEmpty()
        ? Optional.empty()
        : Optional.of(new DenseForm(form.k(), form.integerType(), form.floatType(), fields));
  }

  /** Returns positions of a sequence (T). */
  int length() {
    return datasets.get(0).manifest().sequenceLength();
  }

  /** Returns the schema of all batches; columns of teacher 1 end in {@code .1}. */
  Schema schema() {
    List<Field> fields = new ArrayList<>(DenseArrow.schema(form, length()).getFields());
    joined.ifPresent(
        own -> {
          for (int teacher = 1; teacher <= request.with().size(); teacher++) {
            for (Field field : DenseArrow.schema(own, length()).getFields()) {
              fields.add(renamed(field, field.getName() + "." + teacher));
            }
          }
        });
    return new Schema(fields);
  }

  private static Field renamed(Field field, String name) {
    FieldType type = field.getFieldType();
    return new Field(name, type, field.getChildren());
  }

  /** Returns bytes of one sequence in a batch. */
  long rowBytes() {
    long slots = length();
    long bytes = 0;
    for (Field field : schema().getFields()) {
      bytes += field.getChildren().isEmpty() ? 8 : slots * 8 * (1 + form.k());
    }
    return bytes;
  }

  /** Returns a loader of what was asked; the caller closes it. */
  StudentLoader loader(long aheadBytes) {
    StudentLoaderBuilder builder = builder();
    if (request.seed() >= 0) {
      builder.seed(request.seed());
    }
    if (request.epoch() >= 0) {
      builder.epoch(request.epoch());
    }
    if (request.epochs() >= 0) {
      builder.epochs(request.epochs());
    }
    if (request.batch() >= 0) {
      builder.batch(request.batch());
    }
    if (!request.shuffle().isEmpty()) {
      builder.shuffle(request.shuffle());
    }
    if (request.stopAfter() >= 0) {
      builder.stopAfter(request.stopAfter());
    }
    builder.rank(request.rank(), request.worldSize());
    builder.projection(form.projection());
    builder.aheadOrOneStep(aheadBytes);
    return request.start().map(builder::resume).orElseGet(builder::start);
  }

  private StudentLoaderBuilder builder() {
    if (request.mix().isEmpty()) {
      StudentLoaderBuilder builder = StudentLoader.open(datasets.get(0));
      datasets.stream().skip(1).forEach(builder::with);
      return builder;
    }
    MixtureSpec spec = MixtureSpec.parse(request.mix());
    StudentLoaderBuilder builder =
        StudentLoader.mix(datasets.subList(0, spec.names().size()), spec);
    datasets.stream().skip(spec.names().size()).forEach(builder::with);
    return builder;
  }
}

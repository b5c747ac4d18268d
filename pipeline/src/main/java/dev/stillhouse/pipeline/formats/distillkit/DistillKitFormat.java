package dev.stillhouse.pipeline.formats.distillkit;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.LocalPath;
import dev.stillhouse.pipeline.formats.Alignment;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.pipeline.formats.ImportFormat;
import dev.stillhouse.pipeline.formats.ImportSettings;
import dev.stillhouse.pipeline.formats.ImportSource;
import dev.stillhouse.pipeline.formats.SourceFacts;
import dev.stillhouse.storage.DataException;
import dev.stillhouse.storage.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * {@code distillkit}: DistillKit's Parquet files with its compression settings, or the legacy form.
 */
public final class DistillKitFormat implements ImportFormat {
  private static final String SETTINGS = "compression_config.yaml";

  @Override
  public String name() {
    return "distillkit";
  }

  @Override
  public ImmutableList<String> suffixes() {
    return ImmutableList.of(".parquet");
  }

  @Override
  public ImportSource open(ImportSettings settings, ImmutableList<ImportFile> files) {
    SettingsFile config = new SettingsFile(config(settings, files.get(0)));
    boolean legacy = config.has("polynomial_degree");
    String values = settings.get("values", legacy ? "" : "log_probs");
    if (!values.equals("log_probs") && !values.equals("logits")) {
      throw UsageException.of(
          "give --set values=log_probs or logits: the legacy form does not say what its values are");
    }
    settings.end(name(), "config, values");
    Alignment alignment = settings.alignmentOr(Alignment.NEXT);
    boolean logits = values.equals("logits");
    if (legacy) {
      LegacyCompression compression = LegacyCompression.of(config);
      SourceFacts facts =
          new SourceFacts(
              alignment,
              logits,
              0,
              SourceFacts.FLOAT16,
              false,
              compression.coefficients() == 0,
              compression.toString());
      return new LegacySource(files, compression, facts);
    }
    Compression compression = Compression.of(config);
    SourceFacts facts =
        new SourceFacts(
            alignment,
            logits,
            0,
            compression.exact().share(),
            false,
            compression.isExact(),
            compression.toString());
    return new DistillKitSource(files, compression, facts);
  }

  private static Path config(ImportSettings settings, ImportFile first) {
    if (settings.find("config").isPresent()) {
      return LocalPath.of("--set config", settings.get("config", ""));
    }
    Path folder = first.path().toAbsolutePath().getParent();
    Path beside = folder == null ? Path.of(SETTINGS) : folder.resolve(SETTINGS);
    if (!Files.isRegularFile(beside)) {
      throw DataException.of(
          "%s: there is no %s beside it; name the compression settings with --set config=FILE",
          first.path(), SETTINGS);
    }
    return beside;
  }
}

package dev.stillhouse.cli.commands;

import com.google.common.collect.ImmutableList;
import dev.stillhouse.pipeline.corpus.CorpusFormat;
import dev.stillhouse.pipeline.formats.ImportFormats;
import dev.stillhouse.pipeline.formats.export.ExportFormats;
import dev.stillhouse.storage.layout.Layouts;
import java.util.Iterator;
import java.util.List;

/** Values that the shell's completion offers for an option; the option takes others too. */
public abstract class Candidates implements Iterable<String> {
  private final ImmutableList<String> values;

  private Candidates(List<String> values) {
    this.values = ImmutableList.copyOf(values);
  }

  @Override
  public Iterator<String> iterator() {
    return values.iterator();
  }

  /** Values of {@code --layout}. */
  public static final class OfLayouts extends Candidates {
    OfLayouts() {
      super(Layouts.generations());
    }
  }

  /** Formats of {@code import}. */
  public static final class OfImports extends Candidates {
    OfImports() {
      super(ImportFormats.names().asList());
    }
  }

  /** Formats of {@code export}. */
  public static final class OfExports extends Candidates {
    OfExports() {
      super(ExportFormats.names());
    }
  }

  /** Values of {@code --alignment}. */
  public static final class OfAlignments extends Candidates {
    OfAlignments() {
      super(List.of("next", "self", "end"));
    }
  }

  /** Values of {@code --teacher}. */
  public static final class OfTeachers extends Candidates {
    OfTeachers() {
      super(List.of("ngram", "onnx:", "flight:", "logits:", "synthetic"));
    }
  }

  /** Values of {@code --tokenizer}. */
  public static final class OfTokenizers extends Candidates {
    OfTokenizers() {
      super(List.of("gpt2", "cl100k", "o200k"));
    }
  }

  /** Values of {@code --statistic}. */
  public static final class OfStatistics extends Candidates {
    OfStatistics() {
      super(List.of("top-k:64", "top-p:", "sample:", "forced:", "target", "normaliser-at:"));
    }
  }

  /** Values of {@code --shuffle}. */
  public static final class OfShuffles extends Candidates {
    OfShuffles() {
      super(List.of("global", "none", "blocks:"));
    }
  }

  /** Values of {@code --policy}. */
  public static final class OfPolicies extends Candidates {
    OfPolicies() {
      super(List.of("time", "dollars"));
    }
  }

  /** Values of {@code --separator}. */
  public static final class OfSeparators extends Candidates {
    OfSeparators() {
      super(List.of("end", "none"));
    }
  }

  /** Values of {@code --documents}. */
  public static final class OfDocuments extends Candidates {
    OfDocuments() {
      super(List.of("file", "paragraph"));
    }
  }

  /** Values of {@code --stdin-as}. */
  public static final class OfFormats extends Candidates {
    OfFormats() {
      super(CorpusFormat.names());
    }
  }

  /** Values of {@code --on-bad-document}. */
  public static final class OfBadDocuments extends Candidates {
    OfBadDocuments() {
      super(List.of("fail", "skip"));
    }
  }

  /** Values of {@code --token-type}. */
  public static final class OfTokenTypes extends Candidates {
    OfTokenTypes() {
      super(List.of("uint16", "uint32"));
    }
  }
}

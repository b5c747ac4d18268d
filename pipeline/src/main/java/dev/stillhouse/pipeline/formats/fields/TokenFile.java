package dev.stillhouse.pipeline.formats.fields;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import dev.stillhouse.pipeline.formats.ImportFile;
import dev.stillhouse.storage.DataException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the tokens of sequences alone, for formats that keep statistics without them: lines of JSON
 * with a field {@code tokens}, or rows of Parquet with such a column.
 */
public final class TokenFile implements AutoCloseable {
  private static final FieldMap TOKENS =
      new FieldMap(
          ImmutableMap.of(ImmutableList.of(Field.TOKENS.word()), Field.TOKENS),
          ImmutableMap.of(Field.TOKENS, Field.TOKENS.word()));

  private final FieldValues values;
  private final AutoCloseable closed;

  /** Opens a file. */
  public TokenFile(Path path) {
    ImportFile file = file(path, "");
    if (path.toString().endsWith(".parquet")) {
      SequenceRows rows = new SequenceRows(file, TOKENS);
      values = rows;
      closed = rows;
    } else {
      SequenceJson json =
          new SequenceJson(file, new BufferedInputStream(file.open(), 1 << 16), TOKENS, false);
      values = json;
      closed = json;
    }
  }

  private static ImportFile file(Path path, String sha256) {
    try {
      return new ImportFile(
          path, String.valueOf(path.getFileName()), Files.size(path), sha256, count -> {});
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e, e);
    }
  }

  /** Returns the sha256 of a file: it decides what is imported. */
  public static String sha256(Path path) {
    try {
      return MoreFiles.asByteSource(path).hash(Hashing.sha256()).toString();
    } catch (IOException e) {
      throw new DataException(path + " cannot be read: " + e, e);
    }
  }

  /** Goes to the next sequence; false at the end. */
  public boolean next() {
    return values.next();
  }

  /** Returns the number of its tokens. */
  public int count() {
    return values.numbers(Field.TOKENS).all();
  }

  /** Returns a token. */
  public int token(int index) {
    return (int) values.numbers(Field.TOKENS).get(index);
  }

  @Override
  public void close() {
    try {
      closed.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

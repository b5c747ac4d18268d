package dev.stillhouse.storage.fetch;

import dev.stillhouse.storage.ByteRange;
import dev.stillhouse.storage.DamagedBlobException;
import dev.stillhouse.storage.replica.FetchedRange;
import dev.stillhouse.storage.replica.ReplicaReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * A file of rows in two columns, the first of short values, and a footer. Its bytes are known, so
 * that a task tells wrong ones.
 */
final class SampleFile implements FetchedFile {
  static final int FOOTER = 40;

  final byte[] bytes;
  private final ReplicaReader reader;
  private final String key;
  private final int rows;
  private final int first;
  private final int second;
  private volatile boolean opened;

  SampleFile(ReplicaReader reader, String key, int rows, int first, int second) {
    this.reader = reader;
    this.key = key;
    this.rows = rows;
    this.first = first;
    this.second = second;
    this.bytes = new byte[rows * (first + second) + FOOTER];
    new Random(key.hashCode()).nextBytes(bytes);
  }

  @Override
  public ReplicaReader reader() {
    return reader;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public long bytes() {
    return bytes.length;
  }

  @Override
  public ByteRange footer() {
    return new ByteRange(bytes.length - FOOTER, FOOTER);
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public boolean opened() {
    return opened;
  }

  @Override
  public void open(ByteBuffer footer) {
    check(List.of(footer()), List.of(footer));
    opened = true;
  }

  private void check(List<ByteRange> ranges, List<ByteBuffer> found) {
    for (int i = 0; i < ranges.size(); i++) {
      ByteRange range = ranges.get(i);
      byte[] right = Arrays.copyOfRange(bytes, (int) range.offset(), (int) range.end());
      if (!ByteBuffer.wrap(right).equals(found.get(i))) {
        throw new DamagedBlobException(key, range.offset(), "wrong bytes");
      }
    }
  }

  /** Returns these rows; the part's own check compares them with the truth. */
  Rows part(int... numbers) {
    return new Rows(this, numbers);
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Rows(SampleFile file, int[] numbers) implements FilePart {
    @Override
    public int rows() {
      return numbers.length;
    }

    @Override
    public boolean wholeRows() {
      return true;
    }

    @Override
    public List<ByteRange> ranges() {
      if (!file.opened) {
        file.reader.read(
            file.key,
            List.of(file.footer()),
            found -> {
              file.open(found.get(0));
              return true;
            });
      }
      List<ByteRange> ranges = new ArrayList<>();
      for (int row : numbers) {
        ranges.add(new ByteRange((long) row * file.first, file.first));
        long at = (long) file.rows * file.first + (long) row * file.second;
        ranges.add(new ByteRange(at, file.second));
      }
      return ranges;
    }

    /** Checks the bytes, reads them directly if they are wrong; returns the sum of the rows. */
    int read(Optional<List<FetchedRange>> fetched) {
      if (fetched.isPresent()) {
        try {
          file.check(ranges(), fetched.get().stream().map(FetchedRange::bytes).toList());
          return sum();
        } catch (DamagedBlobException e) {
          file.reader.damaged(file.key, fetched.get(), e);
        }
      }
      return file.reader.read(
          file.key,
          ranges(),
          found -> {
            file.check(ranges(), found);
            return sum();
          });
    }

    int sum() {
      return Arrays.stream(numbers).sum();
    }
  }

  /** Reads some parts; its result is the sum of their rows. */
  record Task(List<Rows> parts) implements FetchTask<Integer> {
    @Override
    public Integer run(FetchedParts fetched) {
      int sum = 0;
      for (int i = 0; i < parts.size(); i++) {
        sum += parts.get(i).read(fetched.of(i));
      }
      return sum;
    }

    int sum() {
      return parts.stream().mapToInt(Rows::sum).sum();
    }
  }
}

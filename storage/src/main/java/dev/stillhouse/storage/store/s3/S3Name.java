package dev.stillhouse.storage.store.s3;

import dev.stillhouse.storage.UsageException;
import dev.stillhouse.storage.store.BlobStore;
import dev.stillhouse.storage.store.StoreName;
import java.util.regex.Pattern;

/**
 * A place in an S3 bucket.
 *
 * @param bucket by S3's naming rules
 * @param prefix start of all its objects' names, without the slash behind it; may be empty
 */
public record S3Name(String bucket, String prefix) implements StoreName {
  private static final String START = "s3://";
  private static final String CLIENT = "software.amazon.awssdk.services.s3.S3AsyncClient";
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}");

  /** An S3 key has at most 1,024 bytes, a blob's name 512. */
  private static final int MAX_PREFIX = 511;

  public static S3Name parse(String name) {
    if (!name.startsWith(START)) {
      throw new UsageException("an S3 store is named s3://bucket or s3://bucket/prefix");
    }
    String rest = name.substring(START.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    // Before it is shown: what stands before an @ may be a password.
    if (!BUCKET.matcher(bucket).matches()
        || bucket.contains("..")
        || ADDRESS.matcher(bucket).matches()) {
      throw new UsageException(
          "s3://bucket/prefix: a bucket's name has 3 to 63 small letters, digits, '.' and '-', a"
              + " letter or digit first and last; credentials come from the environment");
    }
    String prefix = slash < 0 ? "" : rest.substring(slash + 1);
    prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    if (prefix.length() > MAX_PREFIX) {
      throw UsageException.of(
          "%s%s/...: the prefix has %d characters, the limit is %d",
          START, bucket, prefix.length(), MAX_PREFIX);
    }
    return new S3Name(bucket, Schemes.checkedPrefix(START + bucket + "/...", prefix));
  }

  /** Returns the object's name of a blob, or of a prefix. */
  String object(String key) {
    return prefix.isEmpty() ? key : prefix + "/" + key;
  }

  @Override
  public S3Name real() {
    return this;
  }

  @Override
  public boolean absolute() {
    return true;
  }

  @Override
  public String lastPart() {
    return prefix.isEmpty() ? bucket : prefix.substring(prefix.lastIndexOf('/') + 1);
  }

  @Override
  public boolean liesIn(StoreName other) {
    return other instanceof S3Name outer
        && !equals(outer)
        && bucket.equals(outer.bucket)
        && (prefix + "/").startsWith(outer.object(""));
  }

  @Override
  public BlobStore open(String region) {
    checkClient();
    return S3Store.open(region, this);
  }

  /** Refuses if the S3 client is not on the class path: 8.7 MB that no other store needs. */
  private void checkClient() {
    try {
      Class.forName(CLIENT, false, S3Name.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new UsageException(
          this
              + ": the S3 client is not on the class path; add storage/target/lib/s3/*, or the"
              + " artifact software.amazon.awssdk:s3");
    }
  }

  @Override
  public String toString() {
    return START + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
  }
}

package dev.stillhouse.storage.layout;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;

/** What a footer may say under its keys that is not so. */
final class MetadataLies {
  private MetadataLies() {}

  /** Garbage under every key, and keys that are missing, doubled or empty. */
  static List<FooterLie> all(FileMetaData footer) {
    List<FooterLie> lies = new ArrayList<>();
    String[] values = {
      "",
      "-1",
      "0",
      "1",
      "2147483647",
      "9223372036854775807",
      "x",
      "NaN",
      "AAAA",
      "////////////////",
      "adaptive:bound=x",
      "adaptive:bound=0.5",
      "rows:x",
      ":",
      "top-k:2147483647",
      "top-p:0.9,max=2147483647+forced:x",
      "normaliser-at:1.0,2.0,3.0,4.0,5.0,6.0,7.0,8.0,9.0,10.0,11.0,12.0,13.0,14.0,15.0,16.0",
      "\u0000\uffff",
      "x".repeat(1 << 20)
    };
    for (KeyValue pair : footer.getKey_value_metadata()) {
      String key = pair.getKey();
      for (String value : values) {
        String shown = value.length() > 50 ? value.length() + " characters" : value;
        if (!key.equals("stillhouse.checksums")) {
          FooterLie.lie(lies, key + " is " + shown, f -> f.metadata(key, was -> value));
        }
      }
      FooterLie.lie(
          lies,
          key + " is missing",
          f -> f.footer.getKey_value_metadata().removeIf(p -> p.getKey().equals(key)));
      FooterLie.lie(
          lies,
          key + " has no value",
          f ->
              f.footer.getKey_value_metadata().stream()
                  .filter(p -> p.getKey().equals(key) && !key.equals("stillhouse.checksums"))
                  .forEach(KeyValue::unsetValue));
      FooterLie.lie(
          lies,
          key + " stands twice",
          f -> f.footer.addToKey_value_metadata(new KeyValue(key).setValue("7")));
    }
    FooterLie.lie(lies, "no key", f -> f.footer.getKey_value_metadata().clear());
    FooterLie.lie(
        lies,
        "a prior of zeros",
        f -> f.metadata("stillhouse.prior", was -> Bombs.ofZeros(60 << 20)));
    FooterLie.lie(
        lies,
        "a prior of gigabytes",
        f -> f.metadata("stillhouse.prior", was -> Bombs.ofZeros(1 << 30)));
    return lies;
  }
}

package dev.stillhouse.storage.manifest;

/**
 * A document that could not be read and was left out.
 *
 * @param file name within the corpus
 * @param document number within the file
 * @param reason what is wrong with it; no path or host, as manifests hold none
 */
public record SkippedDocument(String file, long document, String reason) {
  private static final int LONGEST_REASON = 300;

  public SkippedDocument {
    if (reason.length() > LONGEST_REASON) {
      // Not between the halves of a pair.
      int cut = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1)) ? 1 : 0;
      reason = reason.substring(0, LONGEST_REASON - cut) + "...";
    }
  }

  @Override
  public String toString() {
    return file + ", document " + document + ": " + reason;
  }
}

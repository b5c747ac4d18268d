package dev.stillhouse.storage.store;

import dev.stillhouse.storage.PublicApi;

/**
 * One way to name stores: all names that begin with one scheme. {@link java.util.ServiceLoader}
 * finds it: a provider is a public class with a public constructor without arguments, and a line in
 * {@code META-INF/services/}.
 */
@PublicApi
public interface StoreScheme {
  /** Scheme of names without one, which are paths. */
  String PATHS = "file";

  /** Returns the scheme, which is permanent: 2 to 31 letters, digits, '+', '.' and '-'. */
  String scheme();

  /** Returns the form of such names, for errors, as in {@code s3://bucket/prefix}. */
  String form();

  /**
   * Reads a name of this scheme; touches no store.
   *
   * @param name all of it, as a person wrote it
   * @throws dev.stillhouse.storage.UsageException if it names no store; the message shows nothing
   *     of the name that may be secret
   */
  StoreName parse(String name);
}

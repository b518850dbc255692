package io.github.cpsample.service.settings;

import io.github.cpsample.base.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys that requests must have one of. Kept as digests; how long a comparison takes says
 * nothing about them. Immutable and thread-safe.
 */
public final class ApiKeys {
  private static final String OPERATOR = "operator ";
  private static final int SHORTEST = 16;

  private final List<byte[]> users;
  private final List<byte[]> operators;

  private ApiKeys(List<byte[]> users, List<byte[]> operators) {
    this.users = users;
    this.operators = operators;
  }

  /** Whose key it is. */
  public enum Holder {
    /** Nobody's. */
    NOBODY,
    /** One that may ask for images. */
    USER,
    /** One that may also see measurements and load models anew. */
    OPERATOR
  }

  /**
   * Reads a file with one key per line; {@code operator KEY} is an operator's. Empty lines and
   * those that begin with {@code #} do not count.
   *
   * @param file in UTF-8
   * @return the keys
   * @throws IOException if it cannot be read, has no key, or one of fewer than 16 characters
   */
  public static ApiKeys read(Path file) throws IOException {
    List<byte[]> users = new ArrayList<>();
    List<byte[]> operators = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      boolean operator = line.startsWith(OPERATOR);
      String key = (operator ? line.substring(OPERATOR.length()) : line).strip();
      if (key.isEmpty() || key.startsWith("#")) {
        continue;
      }
      if (key.length() < SHORTEST || key.indexOf(' ') >= 0) {
        throw new IOException(
            file
                + ", line "
                + number
                + ": expected a key of at least "
                + SHORTEST
                + " characters without spaces, found one of "
                + key.length());
      }
      (operator ? operators : users).add(digest(key));
    }
    if (users.isEmpty() && operators.isEmpty()) {
      throw new IOException(file + ": expected a key on a line of its own, found none");
    }
    return new ApiKeys(users, operators);
  }

  /**
   * Looks up a key.
   *
   * @param key as it was sent
   * @return whose it is
   */
  public Holder holder(String key) {
    byte[] digest = digest(key);
    boolean user = contains(users, digest);
    boolean operator = contains(operators, digest);
    if (operator) {
      return Holder.OPERATOR;
    }
    return user ? Holder.USER : Holder.NOBODY;
  }

  /** Compares with all of them, whichever it equals. */
  private static boolean contains(List<byte[]> keys, byte[] digest) {
    boolean found = false;
    for (byte[] key : keys) {
      found |= MessageDigest.isEqual(key, digest);
    }
    return found;
  }

  private static byte[] digest(String key) {
    return Sha256.digest().digest(key.getBytes(StandardCharsets.UTF_8));
  }
}

package dev.pulso.config;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Checks names by "Naming Restrictions" in the MongoDB manual. */
final class DatabaseNames {
  static final String DATABASE_RULE = "up to 63 bytes without a space or any of /\\.\"$";
  static final String COLLECTION_RULE =
      "up to 180 bytes without $ that begin neither with \"system.\" nor with a dot";

  private static final Pattern NO_DATABASE = Pattern.compile("[ /\\\\.\"$]");
  private static final Pattern NO_COLLECTION = Pattern.compile("[$]|^\\.|^system\\.");

  /** A database name, a dot and a collection name may have 255 bytes together. */
  private static final int LONGEST_COLLECTION = 180;

  private static final int LONGEST_DATABASE = 63;

  private DatabaseNames() {}

  static String database(String name) {
    return checked(name, NO_DATABASE, LONGEST_DATABASE);
  }

  static String collection(String name) {
    return checked(name, NO_COLLECTION, LONGEST_COLLECTION);
  }

  /** Returns the name. Throws IllegalArgumentException when the server would refuse it. */
  private static String checked(String name, Pattern refused, int longest) {
    if (refused.matcher(name).find() || name.getBytes(StandardCharsets.UTF_8).length > longest) {
      throw new IllegalArgumentException("not a valid MongoDB name");
    }
    return name;
  }
}

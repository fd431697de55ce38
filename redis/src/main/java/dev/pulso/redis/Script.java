package dev.pulso.redis;

/**
 * A Lua script, which the server runs atomically. Its times are the server's.
 *
 * @param text the Lua source
 * @param sha1 the hash by which the server finds it after the first run
 */
record Script(String text, String sha1) {
  static Script of(String text) {
    return new Script(text, Digests.sha1(text));
  }
}

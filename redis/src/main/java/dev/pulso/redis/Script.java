package dev.pulso.redis;

/**
 * What a server runs as one, so that nobody sees it half done. Times in it are the server's.
 *
 * @param text in Lua
 * @param sha1 by which the server knows it once it has run
 */
record Script(String text, String sha1) {
  static Script of(String text) {
    return new Script(text, Digests.sha1(text));
  }
}

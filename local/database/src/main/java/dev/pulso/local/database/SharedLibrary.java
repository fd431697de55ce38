package dev.pulso.local.database;

/** Where the libraries come from that a mongod binary asks the system for. */
final class SharedLibrary {
  private SharedLibrary() {}

  static String howToInstall(String library) {
    String debian;
    String fedora;
    switch (library) {
      case "libcurl.so.4" -> {
        debian = "libcurl4";
        fedora = "libcurl";
      }
      case "libssl.so.3", "libcrypto.so.3" -> {
        debian = "libssl3";
        fedora = "openssl-libs";
      }
      case "liblzma.so.5" -> {
        debian = "liblzma5";
        fedora = "xz-libs";
      }
      default -> {
        return "Install the package of your system that contains it.";
      }
    }
    return "Install it: apt-get install "
        + debian
        + " (Debian, Ubuntu), dnf install "
        + fedora
        + " (Fedora).";
  }
}

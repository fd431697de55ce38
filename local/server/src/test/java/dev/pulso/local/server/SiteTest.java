package dev.pulso.local.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pulso.local.server.http.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
  @TempDir private Path folder;

  @Test
  void pageThatIsNotBuiltIsNotServed() throws IOException {
    assertThat(Site.pages(folder.resolve("missing"))).isEmpty();
    write("assets/left.js", "");
    assertThat(Site.pages(folder)).isEmpty();
  }

  @Test
  void everyViewIsTheIndex() throws IOException {
    build();
    for (String view : List.of("/", "/batches", "/batches/batch-1", "/batches/a%2Fb")) {
      assertThat(text(view)).as(view).isEqualTo("<p>");
    }
    for (String other : List.of("/index.html", "/api/v1/batches", "/other", "/batchesque")) {
      assertThat(Site.pages(folder)).as(other).noneMatch(page -> page.paths().test(other));
    }
  }

  @Test
  void hashedFilesAreKeptAndOthersAskedFor() throws IOException {
    build();
    assertThat(at("/assets/index-1.js").headers())
        .containsEntry("Cache-Control", "public, max-age=31536000, immutable")
        .containsEntry("Content-Type", "text/javascript;charset=utf-8");
    assertThat(at("/").headers())
        .containsEntry("Cache-Control", "no-cache")
        .containsEntry("Content-Type", "text/html;charset=utf-8");
    assertThat(at("/").headers().get("Content-Security-Policy"))
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe", "*", "data:", "blob:");
  }

  @Test
  void laterBuildDoesNotMixIn() throws IOException {
    build();
    List<Page> pages = Site.pages(folder);
    write("index.html", "<b>");
    assertThat(pages.stream().filter(page -> page.paths().test("/")).findFirst().orElseThrow())
        .extracting(page -> new String(page.content().get()))
        .isEqualTo("<p>");
  }

  @Test
  void fileOfUnknownTypeIsNamed() throws IOException {
    build();
    write("assets/page.wasm", "");
    assertThatThrownBy(() -> Site.pages(folder)).hasMessageContaining("/assets/page.wasm");
  }

  private void build() throws IOException {
    write("index.html", "<p>");
    write("assets/index-1.js", "1");
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Page at(String path) {
    return Site.pages(folder).stream()
        .filter(page -> page.paths().test(path))
        .findFirst()
        .orElseThrow();
  }

  private String text(String path) {
    return new String(at(path).content().get());
  }
}

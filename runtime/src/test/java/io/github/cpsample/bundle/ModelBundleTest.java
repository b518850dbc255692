package io.github.cpsample.bundle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.sampling.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelBundleTest {
  private static final TinyModel MODEL = new TinyModel(8, 4);

  @TempDir Path folder;

  @Test
  void opensWhatItWrites() throws IOException {
    Path directory = folder.resolve("bundle");
    Path zip = folder.resolve("bundle.zip");
    Manifest manifest = MODEL.bundle(0).toDirectory(directory);
    assertEquals(manifest, MODEL.bundle(0).toZip(zip));
    byte[] first = Files.readAllBytes(zip);
    MODEL.bundle(0).toZip(zip);
    assertArrayEquals(first, Files.readAllBytes(zip), "the same bundle gives the same bytes");
    for (Path path : List.of(directory, zip)) {
      ModelBundle kept;
      try (ModelBundle bundle = ModelBundle.open(path)) {
        kept = bundle;
        assertEquals(manifest, bundle.manifest());
        assertArrayEquals(MODEL.classifier(), bundle.file("classifier.onnx"));
        assertThrows(IllegalArgumentException.class, () -> bundle.file("manifest.json"));
      }
      assertThrows(IllegalStateException.class, () -> kept.file("classifier.onnx"));
    }
    assertContent(folder, "bundle", "bundle.zip");
    assertContent(directory, "classifier.onnx", "denoiser.onnx", "manifest.json");
  }

  @Test
  void replacesBundlesAndNothingElse() throws IOException {
    Path directory = folder.resolve("bundle");
    Files.createDirectory(directory);
    MODEL.bundle(0).toDirectory(directory);
    Files.writeString(directory.resolve("stale"), "from the earlier bundle");
    MODEL.bundle(0).toDirectory(directory);
    assertContent(directory, "classifier.onnx", "denoiser.onnx", "manifest.json");
    assertContent(folder, "bundle");

    Path photos = folder.resolve("photos");
    Files.createDirectory(photos);
    Files.writeString(photos.resolve("holiday.png"), "precious");
    BundleException e =
        assertThrows(BundleException.class, () -> MODEL.bundle(0).toDirectory(photos));
    assertTrue(
        e.getMessage().contains("expected a new or empty folder or an earlier bundle"),
        e.getMessage());
    assertContent(photos, "holiday.png");
  }

  @Test
  void whatLinksInAReplacedBundleLeadToStays() throws IOException {
    Path photos = Files.createDirectory(folder.resolve("photos"));
    Files.writeString(photos.resolve("holiday.png"), "precious");
    Path directory = folder.resolve("bundle");
    MODEL.bundle(0).toDirectory(directory);
    Path link = folder.resolve("link");
    try {
      Files.createSymbolicLink(directory.resolve("photos"), photos);
      Files.createSymbolicLink(link, directory);
    } catch (UnsupportedOperationException | java.nio.file.FileSystemException e) {
      org.junit.jupiter.api.Assumptions.assumeTrue(false, "no symbolic links here: " + e);
    }
    MODEL.bundle(0).toDirectory(link);
    assertContent(photos, "holiday.png");
    assertContent(directory, "classifier.onnx", "denoiser.onnx", "manifest.json");
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void refusesAlteredAndMissingFiles() throws IOException {
    Path directory = folder.resolve("bundle");
    MODEL.bundle(0).toDirectory(directory);
    Path file = directory.resolve("denoiser.onnx");
    byte[] content = Files.readAllBytes(file);
    content[content.length / 2] ^= 1;
    Files.write(file, content);
    assertRefused(directory, "denoiser.onnx: expected " + content.length + " bytes with SHA-256 ");
    Files.write(file, java.util.Arrays.copyOf(content, content.length + 1));
    assertRefused(
        directory, "denoiser.onnx: expected at most " + content.length + " bytes, found more");
    Files.delete(file);
    assertRefused(directory, "expected a file denoiser.onnx, found none");
    Files.delete(directory.resolve("manifest.json"));
    assertRefused(directory, "expected a file manifest.json, found none");
    assertRefused(folder.resolve("nowhere"), "expected a folder or a zip file, found nothing");
    Files.writeString(folder.resolve("text.zip"), "no zip");
    assertRefused(folder.resolve("text.zip"), "expected a folder or a zip file that can be read");
  }

  @Test
  void refusesNetworksThatDoNotFit() {
    assertUnfit(
        Manifests.of(new ImageShape(1, 5, 4), PredictionType.EPSILON, 8),
        "input x: expected float[?, 1, 5, 4], found float[N, 1, 4, 4]");
    assertUnfit(
        Manifests.of(TinyModel.SHAPE, PredictionType.EPSILON, 7),
        "output logits: expected float[?, 7], found float[N, 8]");
    assertUnfit(
        Manifests.of(TinyModel.SHAPE, DenoiserSpec.of(PredictionType.EPSILON, 10), 8),
        "denoiser.onnx: expected the inputs [label, t, x], found [t, x]");
    assertUnfit(
        Manifests.of(
            TinyModel.SHAPE,
            new DenoiserSpec("denoiser.onnx", "x", "t", "eps", PredictionType.EPSILON, 0),
            8),
        "expected an output eps, found [prediction]");
    BundleException e =
        assertThrows(
            BundleException.class,
            () ->
                BundleWriter.of(MODEL.manifest(0))
                    .file("denoiser.onnx", new byte[] {7, 7})
                    .file("classifier.onnx", MODEL.classifier())
                    .toZip(folder.resolve("junk.zip")));
    assertTrue(e.getMessage().contains("denoiser.onnx: expected an ONNX model"), e.getMessage());
  }

  private void assertUnfit(Manifest manifest, String message) {
    BundleWriter writer =
        BundleWriter.of(manifest)
            .file("denoiser.onnx", TinyModel.denoiser(0))
            .file("classifier.onnx", MODEL.classifier());
    BundleException e =
        assertThrows(BundleException.class, () -> writer.toZip(folder.resolve("unfit.zip")));
    assertTrue(
        e.getMessage().replace(",", ", ").replace(",  ", ", ").contains(message), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "C:/evil",
        "..\\evil",
        "a//b",
        "./evil",
        "a/./b"
      })
  void refusesEntriesThatLeaveTheFolder(String name) throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put(name, new byte[] {1});
    assertRefused(
        zip(entries), "expected relative entry names inside the bundle, found '" + name + "'");
  }

  @Test
  void acceptsOneFolderButNotTwo() throws IOException {
    Map<String, byte[]> nested = new LinkedHashMap<>();
    nested.put("model/", new byte[0]);
    entries().forEach((name, content) -> nested.put("model/" + name, content));
    try (ModelBundle bundle = ModelBundle.open(zip(nested))) {
      assertEquals("tiny", bundle.manifest().name());
    }
    nested.putAll(entries());
    assertRefused(zip(nested), "expected one manifest.json at the top or in one folder");
  }

  @Test
  void refusesDuplicateEntries() throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put("classifier.onnY", new byte[] {1});
    Path zip = zip(entries);
    String bytes = Files.readString(zip, StandardCharsets.ISO_8859_1);
    Files.writeString(
        zip, bytes.replace("classifier.onnY", "classifier.onnx"), StandardCharsets.ISO_8859_1);
    assertRefused(zip, "expected every entry once, found 'classifier.onnx' twice");
  }

  @ParameterizedTest
  @CsvSource({"manifest.json", "denoiser.onnx", "other.bin"})
  void refusesBombs(String name) throws IOException {
    Map<String, byte[]> entries = entries();
    entries.put(name, new byte[64 << 20]);
    assertRefused(zip(entries), "entry '" + name + "': expected to unpack to at most");
  }

  @Test
  void refusesManifestsThatClaimTooMuch() throws IOException {
    Map<String, byte[]> entries = entries();
    String manifest = new String(entries.get("manifest.json"), StandardCharsets.UTF_8);
    entries.put(
        "manifest.json",
        manifest
            .replaceFirst("\"bytes\": \\d+", "\"bytes\": 9000000000000000000")
            .getBytes(StandardCharsets.UTF_8));
    assertRefused(zip(entries), "expected files of at most 2 GiB each and 4 GiB together");
  }

  @Test
  void opensFromTheClassPathByName() throws IOException {
    MODEL.bundle(0).toDirectory(folder.resolve("io/github/cpsample/models/tiny"));
    MODEL.bundle(0).toDirectory(folder.resolve("io/github/cpsample/models/alias"));
    Path index = folder.resolve("META-INF/cpsample/models.list");
    Files.createDirectories(index.getParent());
    Files.writeString(index, "# models\ntiny\n\nalias\n");
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
      assertEquals(List.of("alias", "tiny"), ModelBundle.names(loader));
      try (ModelBundle bundle = ModelBundle.named("tiny", loader)) {
        assertArrayEquals(MODEL.classifier(), bundle.file("classifier.onnx"));
      }
      BundleException unknown =
          assertThrows(BundleException.class, () -> ModelBundle.named("../tiny", loader));
      assertEquals("no bundled model named '../tiny'; found: [alias, tiny]", unknown.getMessage());
      BundleException alias =
          assertThrows(BundleException.class, () -> ModelBundle.named("alias", loader));
      assertTrue(
          alias.getMessage().contains("expected the name alias in its manifest, found tiny"),
          alias.getMessage());
    }
  }

  private Map<String, byte[]> entries() throws IOException {
    Path directory = folder.resolve("source");
    MODEL.bundle(0).toDirectory(directory);
    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (String name : List.of("manifest.json", "denoiser.onnx", "classifier.onnx")) {
      entries.put(name, Files.readAllBytes(directory.resolve(name)));
    }
    return entries;
  }

  private Path zip(Map<String, byte[]> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return Files.write(folder.resolve("made.zip"), bytes.toByteArray());
  }

  private static void assertRefused(Path path, String message) {
    BundleException e = assertThrows(BundleException.class, () -> ModelBundle.open(path).close());
    assertTrue(e.getMessage().contains(path.getFileName().toString()), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static void assertContent(Path directory, String... names) throws IOException {
    try (var files = Files.list(directory)) {
      assertEquals(
          List.of(names), files.map(file -> file.getFileName().toString()).sorted().toList());
    }
  }
}

package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.ExternalData;
import io.github.cpsample.onnx.MalformedModelException;
import io.github.cpsample.onnx.ModelHeader;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.SampleResult;
import io.github.cpsample.sampling.TinyModel;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Constants in files of their own, whatever they are called and wherever they lie. */
class DataFilesTest {
  private static final ResolvedDevice CPU = ResolvedDevice.of(Device.cpu());
  private static final TinyModel MODEL = new TinyModel(8, 4);
  private static final TinyVariant VARIANT =
      TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0);
  private static final SampleRequest REQUEST =
      SampleRequest.of(3).withSteps(6).withAlpha(0.4).withSeed(7);

  @TempDir Path folder;

  @Test
  void plainNamesStayAndOthersAreReplaced() {
    Map<String, String> names =
        DetectedDenoiser.DataFiles.names(
            List.of(
                "model.onnx_data",
                "onnx__MatMul_3",
                "onnx::MatMul_4",
                "weights/part.bin",
                "Model.onnx_data",
                "classifier.onnx",
                "denoiser.data-0",
                ".hidden"));
    assertEquals(
        List.of(
            "model.onnx_data",
            "onnx__MatMul_3",
            "denoiser.data-0",
            "denoiser.data-1",
            "denoiser.data-2",
            "denoiser.data-3",
            "denoiser.data-4",
            "denoiser.data-5"),
        List.copyOf(names.values()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx_data", "weights/all of them", "classifier.onnx"})
  void bundlesCarryThemUnderPlainNames(String location) throws IOException {
    SampleResult expected = sample(VARIANT.write(folder.resolve("whole")));
    assertTrue(expected.totals().gradientRows() > 0);
    SampleResult found = sample(VARIANT.writeWithDataFile(folder.resolve("parts"), location));
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(expected.image(i).values(), found.image(i).values());
    }
  }

  /** Caches of models hold links, of which each leads to a file named by its hash. */
  @Test
  void linksToFilesBesideTheModelsOwnAreFollowed() throws IOException {
    VARIANT.writeWithDataFile(folder.resolve("made"), "model.onnx_data");
    Path blobs = Files.createDirectories(folder.resolve("cache/blobs"));
    Path snapshot = Files.createDirectories(folder.resolve("cache/snapshots/main/unet"));
    Files.move(folder.resolve("made/model.onnx"), blobs.resolve("2c1d"));
    Files.move(folder.resolve("made/model.onnx_data"), blobs.resolve("77aa"));
    link(snapshot.resolve("model.onnx"), Path.of("../../../blobs/2c1d"));
    link(snapshot.resolve("model.onnx_data"), Path.of("../../../blobs/77aa"));
    SampleResult expected = sample(VARIANT.write(folder.resolve("whole")));
    SampleResult found = sample(snapshot.resolve("model.onnx"));
    assertArrayEquals(expected.image(0).values(), found.image(0).values());
    Files.delete(snapshot.resolve("model.onnx_data"));
    Files.writeString(folder.resolve("secret"), "elsewhere");
    link(snapshot.resolve("model.onnx_data"), folder.resolve("secret"));
    assertThrows(
        MalformedModelException.class, () -> ModelHeader.read(snapshot.resolve("model.onnx")));
  }

  private static void link(Path link, Path target) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException | FileSystemException e) {
      assumeTrue(false, "no symbolic links here: " + e);
    }
  }

  @Test
  void embeddedConstantsMakeTheModelThatNeverHadFiles() throws IOException {
    Path file = VARIANT.writeWithDataFile(folder.resolve("parts"), "weights/data");
    assertArrayEquals(VARIANT.model(), ExternalData.embedded(file));
    Files.write(folder.resolve("parts/weights/data"), new byte[] {1, 2, 3});
    String message =
        assertThrows(MalformedModelException.class, () -> ExternalData.embedded(file)).getMessage();
    assertTrue(message.contains("tensor ") && message.contains("offset"), message);
  }

  @Test
  void aBundleThatFailsItsTrialIsNotThere() throws IOException {
    ThirdPartyDenoiser denoiser = open(VARIANT.write(folder.resolve("model")));
    Path bundle = folder.resolve("bundle");
    Path zip = folder.resolve("bundle.zip");
    writer(denoiser).toDirectory(bundle);
    writer(denoiser).toZip(zip);
    byte[] earlier = Files.readAllBytes(zip);
    Files.writeString(bundle.resolve("mark"), "of the earlier one");
    BundleWriter failing =
        writer(denoiser)
            .checkedBy(
                whole -> {
                  ModelBundle.open(whole).close();
                  throw new IllegalStateException("the trial failed");
                });
    for (Path target : List.of(bundle, folder.resolve("new"))) {
      assertThrows(IllegalStateException.class, () -> failing.toDirectory(target));
    }
    for (Path target : List.of(zip, folder.resolve("new.zip"))) {
      assertThrows(IllegalStateException.class, () -> failing.toZip(target));
    }
    assertTrue(Files.exists(bundle.resolve("mark")));
    assertArrayEquals(earlier, Files.readAllBytes(zip));
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("bundle", "bundle.zip", "model"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertThrows(
        BundleException.class, () -> BundleWriter.requireReplaceable(folder.resolve("model")));
    BundleWriter.requireReplaceable(bundle);
    BundleWriter.requireReplaceable(folder.resolve("another"));
  }

  private SampleResult sample(Path file) throws IOException {
    writer(open(file)).toDirectory(folder.resolve("bundle"));
    try (ModelBundle bundle = ModelBundle.open(folder.resolve("bundle"));
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      return sampler.sample(REQUEST, Progress.none());
    }
  }

  private ThirdPartyDenoiser open(Path file) throws IOException {
    DenoiserOptions.Schedule linear =
        new DenoiserOptions.Schedule(
            Optional.empty(),
            Optional.of("linear"),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalInt.empty(),
            Optional.of("epsilon"));
    return ThirdPartyDenoiser.open(file, DenoiserOptions.with(linear), CPU);
  }

  private static BundleWriter writer(ThirdPartyDenoiser denoiser) {
    Manifest plain = MODEL.manifest(0);
    Manifest manifest =
        new Manifest(
            plain.name(),
            plain.tools(),
            plain.files(),
            plain.image(),
            denoiser.scheduler().effectiveSchedule(),
            denoiser.spec(),
            plain.classifier(),
            denoiser.sampler(6),
            plain.protection(),
            List.of(),
            plain.training(),
            plain.data());
    return denoiser.addTo(BundleWriter.of(manifest)).file("classifier.onnx", MODEL.classifier());
  }
}

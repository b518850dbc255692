package io.github.cpsample.imagej;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ij.IJ;
import ij.ImagePlus;
import ij.ImageStack;
import ij.io.FileSaver;
import ij.measure.ResultsTable;
import ij.process.ByteProcessor;
import ij.process.ImageConverter;
import ij.process.ImageProcessor;
import ij.process.StackConverter;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.Sanitizer;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.sampling.TinyModel;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ImageJ itself, as a process of its own, with the jar in its plugins folder. */
class ImageJIT {
  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final int SIDE = 4;
  private static final int IMAGES = 12;
  private static final long PATIENCE_SECONDS = 180;

  @TempDir private Path folder;
  private final List<FloatImage> training = new ArrayList<>();
  private Path model;
  private Path index;
  private Path given;

  @BeforeEach
  void write() throws IOException {
    Path plugins = Files.createDirectories(folder.resolve("imagej/plugins"));
    Files.copy(TARGET.resolve("cpsample_imagej.jar"), plugins.resolve("cpsample_imagej.jar"));
    model = folder.resolve("tiny model");
    new TinyModel(8, 4).bundle(0).toDirectory(model);
    index = folder.resolve("tiny.index");
    Random random = new Random(1);
    TrainingIndex.Builder builder = TrainingIndex.builder(TinyModel.SHAPE);
    for (int i = 0; i < IMAGES; i++) {
      FloatImage image = PixelType.GREY_8.read(noise(random), TinyModel.SHAPE);
      training.add(image);
      builder.add("training " + i, image.values());
    }
    builder.build().write(index);
    given = folder.resolve("given.tif");
    ImageStack stack = new ImageStack(SIDE, SIDE);
    stack.addSlice("copy", PixelType.GREY_8.processor(training.get(3)));
    stack.addSlice("stranger", noise(random));
    new FileSaver(new ImagePlus("given", stack)).saveAsTiffStack(given.toString());
  }

  private static ByteProcessor noise(Random random) {
    byte[] pixels = new byte[SIDE * SIDE];
    random.nextBytes(pixels);
    return new ByteProcessor(SIDE, SIDE, pixels);
  }

  private static Path imageJ() {
    try {
      return Path.of(IJ.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs ImageJ to its end and gives back what it printed. */
  private String run(String... arguments) throws IOException, InterruptedException {
    Path printed = folder.resolve("printed.txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + folder));
    command.addAll(List.of(arguments));
    try (VirtualDisplay display = VirtualDisplay.open()) {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("DISPLAY", display.name());
      Process process = builder.redirectErrorStream(true).redirectOutput(printed.toFile()).start();
      try {
        assertTrue(
            process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS),
            () -> "ImageJ did not end; it printed: " + read(printed));
        assertEquals(0, process.exitValue(), () -> read(printed));
      } finally {
        process.destroyForcibly();
      }
    }
    return read(printed);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** In batch mode. */
  private String macro(String text) throws IOException, InterruptedException {
    Path macro = folder.resolve("macro.ijm");
    Files.writeString(macro, text, StandardCharsets.UTF_8);
    return run(
        "-jar",
        imageJ().toString(),
        "-ijpath",
        folder.resolve("imagej").toString(),
        "-batch",
        macro.toString());
  }

  private ImagePlus open(String name) {
    ImagePlus image = IJ.openImage(folder.resolve(name).toString());
    assertTrue(image != null, name + " was not written");
    return image;
  }

  private static int[] levels(ImageProcessor slice) {
    int[] levels = new int[slice.getPixelCount()];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = slice.get(i);
    }
    return levels;
  }

  @Test
  void aMacroGeneratesChecksAndSanitizes() throws Exception {
    String printed =
        macro(
            """
            folder = "FOLDER/";
            options = "model=[" + folder + "tiny model] count=3 seed=1 steps=5";
            run("Generate...", options);
            saveAs("Tiff", folder + "generated-8.tif");
            run("Generate...", options + " 16-bit");
            saveAs("Tiff", folder + "generated-16.tif");
            types = newArray("8-bit", "16-bit", "RGB Color");
            for (i = 0; i < types.length; i++) {
              open(folder + "given-" + types[i] + ".tif");
              given = getTitle();
              run("Check...", "index=[" + folder + "tiny.index]");
              selectWindow("CPSample Check");
              saveAs("Results", folder + "check-" + types[i] + ".csv");
              run("Close");
              selectWindow(given);
              run("Nearest Training Images...", "index=[" + folder + "tiny.index] count=2");
              saveAs("Tiff", folder + "nearest-" + types[i] + ".tif");
              selectWindow(given);
              run("Sanitize...",
                  "model=[" + folder + "tiny model] index=[" + folder + "tiny.index] seed=7 steps=10");
              saveAs("Tiff", folder + "sanitized-" + types[i] + ".tif");
            }
            print("the end");
            """
                .replace("FOLDER", inEveryType().toString()));
    assertTrue(printed.contains("the end"), printed);
    try (ModelBundle bundle = ModelBundle.open(model);
        ProtectedSampler sampler = ProtectedSampler.open(bundle, Device.cpu())) {
      assertGenerated(sampler);
      for (String type : List.of("8-bit", "16-bit", "RGB Color")) {
        assertChecked(type);
        assertNearest(type);
        assertSanitized(type, sampler);
      }
    }
  }

  /** The given stack with pixels of all kinds; 16 bits are those of 8 bits times 257. */
  private Path inEveryType() {
    for (String type : List.of("8-bit", "16-bit", "RGB Color")) {
      ImagePlus image = open("given.tif");
      if (type.startsWith("RGB")) {
        new ImageConverter(image).convertToRGB();
      } else if (type.startsWith("16")) {
        new StackConverter(image).convertToGray16();
        for (int i = 1; i <= image.getStackSize(); i++) {
          image.getStack().getProcessor(i).multiply(257);
        }
      }
      new FileSaver(image).saveAsTiffStack(folder.resolve("given-" + type + ".tif").toString());
    }
    return folder;
  }

  private void assertGenerated(ProtectedSampler sampler) {
    SampleRequest request = SampleRequest.of(3).withSeed(1).withSteps(5);
    List<FloatImage> made = sampler.sample(request, Progress.none()).images();
    ImagePlus bytes = open("generated-8.tif");
    ImagePlus shorts = open("generated-16.tif");
    assertEquals(8, bytes.getBitDepth());
    assertEquals(16, shorts.getBitDepth());
    assertEquals(3, bytes.getStackSize());
    for (int i = 0; i < 3; i++) {
      assertEquals("seed " + (1 + i), bytes.getStack().getSliceLabel(i + 1));
      int[] wide = levels(shorts.getStack().getProcessor(i + 1));
      int[] narrow = levels(bytes.getStack().getProcessor(i + 1));
      float[] values = made.get(i).values();
      for (int k = 0; k < values.length; k++) {
        double share = Math.max(0, Math.min(1, (values[k] + 1) / 2.0));
        assertEquals(share * 255, narrow[k], 0.501, "pixel " + k);
        assertEquals(share * 65_535, wide[k], 0.501, "pixel " + k);
      }
    }
  }

  private void assertChecked(String type) {
    ResultsTable table = ResultsTable.open2(folder.resolve("check-" + type + ".csv").toString());
    assertEquals(2, table.size(), type);
    assertEquals("copy", table.getStringValue("Image", 0));
    assertEquals("training 3", table.getStringValue("Nearest", 0));
    assertEquals(1, table.getValue("Too close", 0));
    assertEquals(0, table.getValue("Distance", 0), 1e-3);
    assertEquals("stranger", table.getStringValue("Image", 1));
    assertEquals(0, table.getValue("Too close", 1));
  }

  /** The image, what it is a copy of, and one more, with two white pixels around them. */
  private void assertNearest(String type) {
    ImagePlus nearest = open("nearest-" + type + ".tif");
    assertEquals(2, nearest.getStackSize());
    assertEquals(3 * (SIDE + 2) + 2, nearest.getWidth());
    ImageProcessor row = nearest.getStack().getProcessor(1);
    int[] expected = levels(PixelType.GREY_8.processor(training.get(3)));
    for (int cell = 0; cell < 2; cell++) {
      row.setRoi(2 + cell * (SIDE + 2), 2, SIDE, SIDE);
      assertArrayEquals(expected, levels(row.crop()), type + ", cell " + cell);
    }
    String label = nearest.getStack().getSliceLabel(1);
    assertTrue(label.startsWith("copy | training 3 0.000, training "), label);
  }

  private void assertSanitized(String type, ProtectedSampler sampler) throws IOException {
    IndexCheck check = IndexCheck.of(TrainingIndex.read(index));
    Sanitizer sanitizer = new Sanitizer(sampler, check, Sanitizer.Settings.STANDARD);
    ImagePlus sanitized = open("sanitized-" + type + ".tif");
    assertEquals(type.startsWith("16") ? 16 : 8, sanitized.getBitDepth());
    ImageStack stack = sanitized.getStack();
    assertEquals("copy", stack.getSliceLabel(1));
    FloatImage clean = PixelType.of(sanitized).read(stack.getProcessor(1), TinyModel.SHAPE);
    assertTrue(check.check(List.of(clean)).get(0).passes(), type);
    FloatImage expected =
        sanitizer
            .sanitize(
                training.get(3), SampleRequest.of(1).withSeed(7).withSteps(10), Progress.none())
            .image();
    assertArrayEquals(expected.rounded().values(), clean.rounded().values(), 0.01f, type);
    int[] stranger = levels(open("given.tif").getStack().getProcessor(2));
    assertArrayEquals(
        type.startsWith("16") ? Arrays.stream(stranger).map(it -> it * 257).toArray() : stranger,
        levels(stack.getProcessor(2)),
        "what passes stays as it is");
  }

  /** With files of its own. */
  @Test
  void theMacroOfThePageRuns() throws Exception {
    String page = Files.readString(Path.of("../../docs/guide/imagej.md"), StandardCharsets.UTF_8);
    String text = page.substring(page.indexOf("```ijm\n") + 7);
    macro(
        text.substring(0, text.indexOf("```"))
            .replace("model=fashion-mnist", "model=[" + model + "]")
            .replace("/data/photos.index", index.toString())
            .replace("/results", folder.toString()));
    assertEquals(4, open("generated.tif").getStackSize());
    assertEquals(4, ResultsTable.open2(folder.resolve("check.csv").toString()).size());
    assertEquals(4, open("clean.tif").getStackSize());
  }

  @Test
  void theModelInTheJarIsThere() throws Exception {
    assumeFalse(ModelBundle.names().isEmpty(), "this build has no models: it did not train");
    String printed =
        macro(
            """
            run("Generate...", "count=2 steps=2");
            saveAs("Tiff", "FOLDER/shipped.tif");
            print(getTitle() + " " + nSlices);
            """
                .replace("FOLDER", folder.toString()));
    assertTrue(printed.contains("shipped.tif 2"), printed);
  }

  @Test
  void dialogsProgressEscAndMessages() throws Exception {
    Path pictures = Files.createDirectories(TARGET.resolve("imagej-pictures"));
    String printed =
        run(
            "-Dplugins.dir=" + folder.resolve("imagej"),
            "-cp",
            imageJ() + File.pathSeparator + TARGET.resolve("test-classes"),
            "io.github.cpsample.imagej.Desk",
            model.toString(),
            index.toString(),
            given.toString(),
            pictures.toString());
    List<String> lines = printed.lines().toList();
    assertTrue(lines.contains("images 3"), printed);
    assertTrue(lines.contains("status CPSample: cancelled"), printed);
    assertTrue(lines.contains("windows 1"), "what was cancelled shows no image: " + printed);
    assertTrue(
        lines.contains(
            "message " + index + ".missing: expected a file, found nothing there; check the path"),
        printed);
    assertTrue(
        lines.contains(
            "recorded run(\"Generate...\", \"model=["
                + model
                + "] count=3 seed=1 steps=5 class=-1\");"),
        printed);
    assertTrue(lines.contains("recorded run(\"Check...\", \"index=" + index + "\");"), printed);
    assertTrue(lines.contains("console false"), printed);
    for (String name : List.of("dialog", "progress", "message", "results")) {
      assertTrue(Files.size(pictures.resolve(name + ".png")) > 0, name);
    }
  }
}

package io.github.cpsample.tools.commands.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.cpsample.evaluation.TinyBundle;
import io.github.cpsample.tools.CommandRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other beginnings than noise, on the command line. */
class SampleOriginTest {

  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    TinyBundle.writer().toDirectory(folder.resolve("tiny"));
    picture("photo.png", 8, 8, (x, y) -> 20 * x + 10 * y);
    picture("large.png", 24, 16, (x, y) -> 10 * x);
    picture("mask.png", 8, 8, (x, y) -> x < 4 ? 0 : 255);
    picture("small-mask.png", 4, 8, (x, y) -> 255);
  }

  private interface Grey {
    int at(int x, int y);
  }

  private void picture(String name, int width, int height, Grey grey) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.getRaster().setSample(x, y, 0, grey.at(x, y));
      }
    }
    ImageIO.write(image, "png", folder.resolve(name).toFile());
  }

  /** Names of files stand for those in the folder. */
  private CommandRun sample(String options) {
    List<String> all =
        new ArrayList<>(List.of("sample", "--model", folder.resolve("tiny").toString()));
    for (String word : Pattern.compile(" ").split(options, -1)) {
      boolean file = word.endsWith(".png") || word.equals("out") || word.equals("other");
      all.add(file ? folder.resolve(word).toString() : word);
    }
    return CommandRun.of(all.toArray(String[]::new));
  }

  private JsonObject origin() throws IOException {
    return JsonParser.parseString(Files.readString(folder.resolve("out").resolve("report.json")))
        .getAsJsonObject()
        .getAsJsonObject("settings")
        .getAsJsonObject("origin");
  }

  private BufferedImage image(String name) throws IOException {
    return ImageIO.read(folder.resolve("out").resolve(name).toFile());
  }

  @Test
  void startsFromAnImageOfAnySize() throws IOException {
    CommandRun run =
        sample("--out out --count 2 --steps 10 --start-image large.png --strength 0.3");
    assertEquals(0, run.code(), run.err());
    assertEquals(1, origin().get("startImages").getAsInt());
    assertEquals(0.3, origin().get("strength").getAsDouble());
    assertFalse(origin().has("filledPixels"));
    assertEquals(8, image("image-00001.png").getWidth());
    assertTrue(
        Files.readString(folder.resolve("out").resolve("report.json")).contains("\"steps\": 3,"));
  }

  @Test
  void keepsWhatTheMaskLeaves() throws IOException {
    CommandRun run =
        sample("--out out --count 2 --steps 6 --known photo.png --mask mask.png --resample 2x2");
    assertEquals(0, run.code(), run.err());
    assertEquals(32, origin().get("filledPixels").getAsInt());
    assertEquals("[2,2]", origin().get("resample").toString());
    BufferedImage known = ImageIO.read(folder.resolve("photo.png").toFile());
    for (int i = 0; i < 2; i++) {
      BufferedImage made = image("image-0000" + i + ".png");
      boolean filled = false;
      for (int y = 0; y < 8; y++) {
        for (int x = 0; x < 8; x++) {
          int found = made.getRaster().getSample(x, y, 0);
          int kept = known.getRaster().getSample(x, y, 0);
          if (x < 4) {
            assertEquals(kept, found, x + ", " + y);
          } else {
            filled |= found != kept;
          }
        }
      }
      assertTrue(filled);
    }
  }

  @Test
  void interpolationWritesAStrip() throws IOException {
    CommandRun run = sample("--out out --count 5 --steps 4 --seed 3 --interpolate 9");
    assertEquals(0, run.code(), run.err());
    assertEquals(9, origin().get("interpolatedTo").getAsLong());
    assertTrue(image("contact-sheet.png").getWidth() > 4 * image("contact-sheet.png").getHeight());
    assertEquals(0, sample("--out other --count 1 --steps 4 --seed 9").code());
    assertArrayEquals(
        image("image-00004.png").getRaster().getPixels(0, 0, 8, 8, (int[]) null),
        ImageIO.read(folder.resolve("other").resolve("image-00000.png").toFile())
            .getRaster()
            .getPixels(0, 0, 8, 8, (int[]) null));
  }

  @Test
  void whatDoesNotFitIsRefusedAndNothingWritten() throws IOException {
    refused("--size 9x8", "size: expected 8 x 8 (height x width), the only size that the denoiser");
    refused("--known large.png --mask mask.png", "known image: expected a grey image of 8 x 8");
    refused("--known photo.png --mask small-mask.png", "mask: expected 8 x 8 pixels");
    refused("--known none.png --mask mask.png", "none.png");
    refused("--start-image none.png", "none.png");
    refused(
        "--count 3 --start-image photo.png --start-image photo.png", "start images: expected 1");
    refused("--count 1 --interpolate 4", "interpolation: expected a count of at least 2");
    refused(
        "--sampler heun --known photo.png --mask mask.png --resample 2x2",
        "resampling: expected a sampler that remembers nothing");
  }

  private void refused(String options, String message) throws IOException {
    CommandRun run = sample("--out out --steps 4 " + options);
    assertEquals(1, run.code(), run.err());
    assertTrue(run.err().contains(message), run.err());
    assertEquals(List.of(), CommandRun.files(folder.resolve("out")));
  }

  @Test
  void theModelsOwnSizeMayBeSaid() throws IOException {
    assertEquals(0, sample("--out out --count 1 --steps 3 --size 8x8").code());
    assertEquals("[8,8]", origin().get("size").toString());
  }

  /**
   * The commands of docs/guide/ways-to-sample.md, with this model in the place of the shipped one.
   */
  @Test
  void theDocumentedCommandsWork() throws IOException {
    Path docs = Path.of("..", "docs", "guide", "ways-to-sample.md");
    List<String> commands =
        Files.readString(docs, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.startsWith("./cpsample sample --model fashion-mnist "))
            .toList();
    assertEquals(4, commands.size());
    for (String command : commands) {
      String options = command.replace("./cpsample sample --model fashion-mnist ", "");
      String out = options.substring(options.lastIndexOf(' ') + 1);
      CommandRun run = sample(options.replace("--out " + out, "--out other"));
      assertEquals(0, run.code(), command + ": " + run.err());
      assertTrue(CommandRun.files(folder.resolve("other")).contains("report.json"));
    }
  }
}

package io.github.cpsample.tools.commands.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.tools.CommandRun;
import io.github.cpsample.trainer.pipeline.TinyPipeline;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** A text-to-image pipeline becomes a protected model by the command line alone. */
@TestMethodOrder(OrderAnnotation.class)
class ProtectPipelineTest {
  private static final int PICTURES = 8;

  @TempDir private static Path folder;

  @BeforeAll
  static void write() throws Exception {
    TinyPipeline.write(folder.resolve("tiny-pipeline"), 1);
    Files.createDirectories(folder.resolve("photos"));
    for (int i = 0; i < PICTURES; i++) {
      BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = image.createGraphics();
      graphics.setColor(Color.getHSBColor(i / (float) PICTURES, 1, 1));
      graphics.fillOval(2 * i, 16 - i, 14, 14);
      graphics.dispose();
      ImageIO.write(image, "png", folder.resolve("photos/photo" + i + ".png").toFile());
    }
  }

  private static CommandRun run(String line) {
    return CommandRun.ofLine(line.replace("@", folder.toString().replace('\\', '/') + "/"));
  }

  @Test
  @Order(1)
  void protects() throws Exception {
    CommandRun run =
        run(
            "protect --denoiser @tiny-pipeline --data @photos --out @bundle --steps 20 --bits 4"
                + " --widths 16 --sampler-steps 5 --batch 8 --stranger-samples 40 --states 32"
                + " --trajectories 3");
    assertEquals(0, run.code(), run::err);
    assertTrue(run.out().contains("scaling factor 0.18215"), run.out());
    assertTrue(run.out().contains("tried on 4 noised images"), run.out());
    assertTrue(run.out().contains("checked: 4 images sampled"), run.out());
    assertTrue(run.out().contains("asked about x0"), run.out());
    assertTrue(run.out().contains("samples of the denoiser"), run.out());
    long latents = Files.size(folder.resolve("bundle.run/training.latents"));
    assertEquals(32 + PICTURES * 4 * 8 * 8 * 4L, latents);
    assertTrue(CommandRun.files(folder.resolve("bundle")).contains("vae_decoder.onnx"));
  }

  @Test
  @Order(2)
  void samplesPrompts() throws Exception {
    CommandRun cat = run("sample --model @bundle --count 1 --prompt cat --alpha 0.5 --out @cat");
    assertEquals(0, cat.code(), cat::err);
    assertTrue(cat.out().contains("1 guarded"), cat.out());
    CommandRun dog = run("sample --model @bundle --count 1 --prompt dog --alpha 0.5 --out @dog");
    assertEquals(0, dog.code(), dog::err);
    BufferedImage image = ImageIO.read(folder.resolve("cat/image-00000.png").toFile());
    assertEquals(32, image.getWidth());
    assertTrue(
        Files.mismatch(folder.resolve("cat/image-00000.png"), folder.resolve("dog/image-00000.png"))
            >= 0);
  }

  @Test
  @Order(4)
  void refusesPartsThatDoNotFitBeforeTraining() throws Exception {
    TinyPipeline.write(folder.resolve("wrong"), 1);
    Path config = folder.resolve("wrong/vae_decoder/config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replaceFirst("\"block_out_channels\": ?\\[", "\"block_out_channels\": [4, "));
    CommandRun size =
        run("protect --denoiser @wrong --data @photos --out @other --steps 1 --bits 4");
    assertTrue(size.code() != 0, size.out());
    assertTrue(size.err().contains("decoder"), size.err());
    TinyPipeline.write(folder.resolve("mute"), 1);
    Files.delete(folder.resolve("mute/tokenizer/merges.txt"));
    CommandRun mute =
        run("protect --denoiser @mute --data @photos --out @other --steps 1 --bits 4");
    assertTrue(mute.code() != 0, mute.out());
    assertTrue(mute.err().contains("merges.txt"), mute.err());
    assertTrue(Files.notExists(folder.resolve("other.run")));
    assertTrue(Files.notExists(folder.resolve("other")));
  }

  @Test
  @Order(5)
  void saysWhyItIsNotTriedOnImages() throws Exception {
    TinyPipeline.write(folder.resolve("half"), 1);
    Files.delete(folder.resolve("half/vae_encoder/model.onnx"));
    Files.delete(folder.resolve("half/vae_encoder/config.json"));
    Files.delete(folder.resolve("half/vae_encoder"));
    CommandRun run = run("protect --denoiser @half --data @photos --dry-run");
    assertEquals(0, run.code(), run::err);
    assertTrue(
        run.out().contains("not tried on noised images, since the pipeline has no vae_encoder"),
        run.out());
  }

  @Test
  @Order(3)
  void refusesMirroredLatents() {
    CommandRun run =
        run("protect --denoiser @tiny-pipeline --data @photos --out @other --steps 1 --flips");
    assertTrue(run.code() != 0);
    assertTrue(run.err().contains("latent"), run.err());
  }
}

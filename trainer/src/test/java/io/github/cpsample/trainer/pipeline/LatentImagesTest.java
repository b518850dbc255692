package io.github.cpsample.trainer.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Device;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.latent.LatentEncoder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.ImageDataset;
import io.github.cpsample.trainer.data.LatentImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Latents in a file, as the tiny pipeline's encoder gives them. */
class LatentImagesTest {
  private static final ImageShape PICTURE = new ImageShape(3, 32, 32);
  private static final ImageShape LATENT = new ImageShape(4, 8, 8);
  private static final FileTime LONG_AGO = FileTime.fromMillis(0);

  @TempDir private Path folder;
  private InferenceSession session;
  private LatentEncoder encoder;

  /** Waves of another length for every image; the second image is broken. */
  private record Waves(int size) implements ImageDataset {
    @Override
    public ImageShape shape() {
      return PICTURE;
    }

    @Override
    public String name(int index) {
      return "wave " + index;
    }

    @Override
    public void read(int index, float[] target, int offset) throws BrokenImageException {
      if (index == 1) {
        throw new BrokenImageException(name(index), "is broken", null);
      }
      for (int i = 0; i < PICTURE.size(); i++) {
        target[offset + i] = (float) Math.sin(i / (3.0 + index));
      }
    }

    @Override
    public OptionalInt label(int index) {
      return OptionalInt.of(index);
    }
  }

  @BeforeEach
  void open() {
    session =
        InferenceSession.open(
            "encoder",
            OnnxCodec.toBytes(Autoencoder.encoder(new Random(1))),
            ResolvedDevice.of(Device.cpu()),
            SessionSettings.defaults());
    encoder =
        new LatentEncoder(
            session,
            new PipelineSpec.Latent("decoder", Optional.of("encoder"), LATENT, 0.18215, 0),
            PICTURE);
  }

  @AfterEach
  void close() {
    session.close();
  }

  @Test
  void holdsWhatTheEncoderGives() throws Exception {
    Path file = folder.resolve("latents");
    float[] pixels = new float[PICTURE.size()];
    float[] latent = new float[LATENT.size() + 1];
    try (LatentImages latents = LatentImages.open(new Waves(4), encoder, "a", LATENT, file)) {
      assertEquals(4, latents.size());
      assertEquals(LATENT, latents.shape());
      assertEquals("wave 3", latents.name(3));
      assertEquals(OptionalInt.of(2), latents.label(2));
      for (int image : new int[] {3, 0, 2}) {
        new Waves(4).read(image, pixels, 0);
        latents.read(image, latent, 1);
        float[] expected = encoder.encode(FloatImage.copyOf(PICTURE, pixels, 0)).values();
        for (int i = 0; i < expected.length; i++) {
          assertEquals(expected[i], latent[i + 1]);
        }
      }
      BrokenImageException e =
          assertThrows(BrokenImageException.class, () -> latents.read(1, latent, 0));
      assertEquals("wave 1: is broken", e.getMessage());
      assertThrows(IndexOutOfBoundsException.class, () -> latents.read(4, latent, 0));
    }
  }

  @Test
  void encodesAgainOnlyWhereSomethingChanged() throws Exception {
    Path file = folder.resolve("latents");
    LatentImages.open(new Waves(3), encoder, "a", LATENT, file).close();
    byte[] before = Files.readAllBytes(file);
    Files.setLastModifiedTime(file, LONG_AGO);
    LatentImages.open(new Waves(3), encoder, "a", LATENT, file).close();
    assertEquals(LONG_AGO, Files.getLastModifiedTime(file));
    LatentImages.open(new Waves(3), encoder, "b", LATENT, file).close();
    assertNotEquals(LONG_AGO, Files.getLastModifiedTime(file));
    Files.setLastModifiedTime(file, LONG_AGO);
    LatentImages.open(new Waves(4), encoder, "b", LATENT, file).close();
    assertNotEquals(LONG_AGO, Files.getLastModifiedTime(file));
    LatentImages.open(new Waves(3), encoder, "a", LATENT, file).close();
    assertArrayEquals(before, Files.readAllBytes(file));
  }
}

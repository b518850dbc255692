package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DenoiserFilesTest {
  @TempDir private Path folder;

  private static String refusal(Path path) {
    return assertThrows(IllegalArgumentException.class, () -> DetectedDenoiser.ModelFiles.of(path))
        .getMessage();
  }

  private static void assertTellsHowToExport(String message) {
    assertTrue(message.contains("export the network to ONNX"), message);
    assertTrue(message.contains("torch.onnx.export("), message);
    assertTrue(message.contains("optimum-cli export onnx --model"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.pth", "a.pt", "a.CKPT", "pytorch_model.bin", "a.safetensors"})
  void weightsAreToBeExported(String name) throws IOException {
    Path file = Files.write(folder.resolve(name), new byte[] {7, 7, 7});
    String message = refusal(file);
    assertTrue(message.contains(name + ": expected an .onnx file, found weights"), message);
    assertTellsHowToExport(message);
  }

  @Test
  void foldersOfWeightsAreToBeExported() throws IOException {
    Files.createDirectories(folder.resolve("unet"));
    assertTrue(refusal(folder).contains("found none; export the model with Optimum"));
    Files.write(folder.resolve("pytorch_model.bin"), new byte[1]);
    assertTrue(refusal(folder).contains("found pytorch_model.bin, which is weights"));
    Files.write(folder.resolve("unet/diffusion_pytorch_model.safetensors"), new byte[1]);
    String message = refusal(folder);
    assertTrue(message.contains("found unet/diffusion_pytorch_model.safetensors,"), message);
    assertTellsHowToExport(message);
    Path model = Files.write(folder.resolve("unet/model.onnx"), new byte[1]);
    assertEquals(model, DetectedDenoiser.ModelFiles.of(folder).model());
  }
}

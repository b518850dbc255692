package io.github.cpsample.diffusers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.sampling.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a pipeline's folder; the models are not opened. */
class PipelineFolderTest {
  private static final ImageShape LATENT = new ImageShape(4, 8, 6);

  @TempDir private Path folder;

  @Test
  void aFolderWithoutPartsIsAModelOfPixels() throws IOException {
    PipelineFolder parts = PipelineFolder.of(folder);
    assertEquals(PipelineSpec.NONE, parts.spec(LATENT));
    assertEquals(LATENT, parts.image(LATENT));
  }

  @Test
  void whatAConfigurationLeavesOutIsThatOfStableDiffusion() throws IOException {
    write("vae_decoder/model.onnx", "");
    PipelineFolder parts = PipelineFolder.of(folder);
    PipelineSpec.Latent latent = parts.spec(LATENT).latent().orElseThrow();
    assertEquals(0.18215, latent.scalingFactor());
    assertEquals(0, latent.shiftFactor());
    assertTrue(latent.encoder().isEmpty());
    assertEquals(new ImageShape(3, 64, 48), parts.image(LATENT));
  }

  @Test
  void configurationsAreRead() throws IOException {
    write("vae_decoder/model.onnx", "");
    write("vae_encoder/model.onnx", "");
    write(
        "vae_encoder/config.json",
        "{\"scaling_factor\": 0.3611, \"shift_factor\": 0.1159, \"out_channels\": 1,"
            + " \"block_out_channels\": [8, 8], \"act_fn\": \"silu\"}");
    write("text_encoder/model.onnx", "");
    write("tokenizer/vocab.json", "{}");
    write("tokenizer/merges.txt", "");
    write("tokenizer/tokenizer_config.json", "{}");
    write("tokenizer/special_tokens_map.json", "{}");
    PipelineFolder parts = PipelineFolder.of(folder);
    PipelineSpec spec = parts.spec(LATENT);
    PipelineSpec.Latent latent = spec.latent().orElseThrow();
    assertEquals(0.3611, latent.scalingFactor());
    assertEquals(0.1159, latent.shiftFactor());
    assertEquals("vae_encoder.onnx", latent.encoder().orElseThrow());
    assertEquals(new ImageShape(1, 16, 12), parts.image(LATENT));
    assertEquals(
        List.of("vocab.json", "merges.txt", "tokenizer_config.json"),
        spec.text().orElseThrow().tokenizer());
  }

  @Test
  void halfPartsAreRefused() throws IOException {
    write("vae_decoder/other.onnx", "");
    refuses("vae_decoder/model.onnx");
    write("vae_decoder/model.onnx", "");
    write("text_encoder/model.onnx", "");
    refuses("tokenizer");
  }

  @Test
  void aLatentModelWithoutItsAutoencoderIsRefused() throws IOException {
    String index = "{\"_class_name\": \"LDMPipeline\", \"vqvae\": [%s, %s]}";
    write("model_index.json", index.formatted("null", "null"));
    assertTrue(PipelineFolder.of(folder).autoencoder().isEmpty());
    write("model_index.json", index.formatted("\"diffusers\"", "\"VQModel\""));
    refuses("model_index.json names an autoencoder (vqvae)");
    write("vae_decoder/model.onnx", "");
    assertTrue(PipelineFolder.of(folder).autoencoder().isPresent());
  }

  @Test
  void partsWithDataFilesBecomeOneFile() throws IOException {
    TinyVariant network = TinyVariant.of(ElementType.FLOAT, ElementType.INT64, "N", 0);
    network.writeWithDataFile(folder.resolve("vae_decoder"), "model.onnx_data");
    network.write(folder.resolve("vae_encoder"));
    PipelineFolder parts = PipelineFolder.of(folder);
    parts.requireWhole();
    TinyModel tiny = new TinyModel(8, 4);
    Path bundle = folder.resolve("bundle");
    parts
        .addTo(
            BundleWriter.of(
                tiny.manifest(0).withPipeline(parts.spec(TinyModel.SHAPE), TinyModel.SHAPE)))
        .file("denoiser.onnx", TinyModel.denoiser(0))
        .file("classifier.onnx", tiny.classifier())
        .toDirectory(bundle);
    for (String file : List.of("vae_decoder.onnx", "vae_encoder.onnx")) {
      assertArrayEquals(network.model(), Files.readAllBytes(bundle.resolve(file)));
    }
    Files.delete(folder.resolve("vae_decoder/model.onnx_data"));
    assertThrows(IllegalArgumentException.class, parts::requireWhole);
  }

  private void refuses(String what) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> PipelineFolder.of(folder)).getMessage();
    assertTrue(message.contains(what), message);
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

package io.github.cpsample.trainer.pipeline;

import io.github.cpsample.files.WholeFile;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Writes a tiny text-to-image pipeline: images of 3 x 32 x 32, latents of 4 x 8 x 8, texts of 77
 * tokens. Thread-safe.
 *
 * <pre>
 * model_index.json
 * scheduler/scheduler_config.json
 * text_encoder/model.onnx, config.json
 * tokenizer/vocab.json, merges.txt, tokenizer_config.json
 * unet/model.onnx, config.json
 * vae_decoder/model.onnx, config.json
 * vae_encoder/model.onnx, config.json
 * </pre>
 */
public final class TinyPipeline {
  private static final String MODEL = "model.onnx";
  private static final String CONFIG = "config.json";

  private TinyPipeline() {}

  /**
   * Writes the pipeline. The same seed gives the same files, byte for byte.
   *
   * @param folder where to; made if it is missing, files of these names are replaced
   * @param seed of the weights
   * @throws IOException if a file cannot be written; {@code model_index.json} is then missing
   */
  public static void write(Path folder, long seed) throws IOException {
    TinyVocabulary vocabulary = new TinyVocabulary();
    Path tokenizer = folder.resolve("tokenizer");
    write(tokenizer.resolve("vocab.json"), vocabulary.vocabularyJson());
    write(tokenizer.resolve("merges.txt"), vocabulary.mergesText());
    write(tokenizer.resolve("tokenizer_config.json"), TinyVocabulary.configJson());
    Path text = folder.resolve("text_encoder");
    write(text.resolve(MODEL), TextEncoder.build(vocabulary.size(), random(seed, 1)));
    write(text.resolve(CONFIG), PipelineJson.textEncoder(vocabulary.size()));
    Path unet = folder.resolve("unet");
    write(unet.resolve(MODEL), ConditionalUNet.build(random(seed, 2)));
    write(unet.resolve(CONFIG), PipelineJson.unet());
    Path decoder = folder.resolve("vae_decoder");
    write(decoder.resolve(MODEL), Autoencoder.decoder(random(seed, 3)));
    write(decoder.resolve(CONFIG), PipelineJson.autoencoder());
    Path encoder = folder.resolve("vae_encoder");
    write(encoder.resolve(MODEL), Autoencoder.encoder(random(seed, 4)));
    write(encoder.resolve(CONFIG), PipelineJson.autoencoder());
    write(folder.resolve("scheduler/scheduler_config.json"), PipelineJson.scheduler());
    write(folder.resolve("model_index.json"), PipelineJson.index());
  }

  private static RandomGenerator random(long seed, int part) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed * 1_000_003 + part);
  }

  private static void write(Path file, OnnxModel model) throws IOException {
    byte[] content = OnnxCodec.toBytes(model);
    WholeFile.write(file, out -> out.write(content));
  }

  private static void write(Path file, String text) throws IOException {
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    WholeFile.write(file, out -> out.write(content));
  }
}

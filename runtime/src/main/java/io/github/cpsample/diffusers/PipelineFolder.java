package io.github.cpsample.diffusers;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.BundleException;
import io.github.cpsample.bundle.BundleWriter;
import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.inference.TensorType;
import io.github.cpsample.onnx.ExternalData;
import io.github.cpsample.onnx.ModelHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the folder of a pipeline has besides denoiser and scheduler: {@code vae_decoder/model.onnx},
 * {@code vae_encoder/model.onnx}, {@code text_encoder/model.onnx}, {@code tokenizer/}. Immutable;
 * the files stay where they are.
 *
 * @param folder the folder
 * @param autoencoder what the autoencoder's configuration says; empty for a model of pixels
 * @param tokenizer names of the tokenizer's files; none for a model without prompts
 */
public record PipelineFolder(
    Path folder, Optional<Autoencoder> autoencoder, List<String> tokenizer) {
  /** What a bundle calls the decoder. */
  static final String DECODER = "vae_decoder.onnx";

  private static final String ENCODER = "vae_encoder.onnx";
  private static final String TEXT_ENCODER = "text_encoder.onnx";
  private static final List<String> TOKENIZER =
      List.of("tokenizer.json", "vocab.json", "merges.txt", "tokenizer_config.json");
  private static final List<String> AUTOENCODERS = List.of("vae", "vqvae", "movq");
  private static final int STATES_RANK = 3;
  private static final int CLIP_TOKENS = 77;

  public PipelineFolder {
    tokenizer = List.copyOf(tokenizer);
  }

  /**
   * Looks for the parts.
   *
   * @param folder a folder as Diffusers and Optimum write it
   * @return what is there
   * @throws IOException if a configuration cannot be read
   * @throws IllegalArgumentException if a part is not whole
   */
  public static PipelineFolder of(Path folder) throws IOException {
    for (String part : List.of("vae_decoder", "vae_encoder", "text_encoder")) {
      if (Files.isDirectory(folder.resolve(part)) && !Files.isRegularFile(model(folder, part))) {
        throw new IllegalArgumentException(
            "pipeline "
                + folder
                + ": expected a file "
                + part
                + "/model.onnx, found a folder without it; export the part with Optimum, or remove"
                + " the folder if the model does not use it");
      }
    }
    List<String> tokenizer = new ArrayList<>();
    if (Files.isRegularFile(model(folder, "text_encoder"))) {
      for (String name : TOKENIZER) {
        if (Files.isRegularFile(folder.resolve("tokenizer").resolve(name))) {
          tokenizer.add(name);
        }
      }
      Checks.argument(
          !tokenizer.isEmpty(),
          "pipeline " + folder,
          "a tokenizer in tokenizer/",
          "no file of " + TOKENIZER);
    }
    boolean latent = Files.isDirectory(folder.resolve("vae_decoder"));
    if (!latent) {
      requireNoAutoencoder(folder);
    }
    if (latent && !Files.isRegularFile(model(folder, "vae_decoder"))) {
      throw new IllegalArgumentException(
          "pipeline "
              + folder
              + ": expected a file vae_decoder/model.onnx, since this folder makes the denoiser one"
              + " of latents, found none; export the whole pipeline");
    }
    return new PipelineFolder(
        folder, latent ? Optional.of(Autoencoder.find(folder)) : Optional.empty(), tokenizer);
  }

  /** Refuses the denoiser of a latent model whose autoencoder was not exported. */
  private static void requireNoAutoencoder(Path folder) throws IOException {
    Path index = folder.resolve("model_index.json");
    if (!Files.isRegularFile(index)) {
      return;
    }
    JsonObject parts = JsonObjectFile.read(index);
    for (String name : AUTOENCODERS) {
      boolean named =
          parts.get(name) instanceof JsonArray classes
              && classes.asList().stream().noneMatch(JsonElement::isJsonNull);
      if (named) {
        throw new IllegalArgumentException(
            "pipeline "
                + folder
                + ": expected vae_decoder/model.onnx, since model_index.json names an autoencoder ("
                + name
                + "), so that the denoiser makes latents, found none; export the whole pipeline, or"
                + " give the path of unet/model.onnx to sample without decoding");
      }
    }
  }

  /**
   * A denoiser alone.
   *
   * @param model the denoiser's file
   * @return no parts
   */
  static PipelineFolder none(Path model) {
    return new PipelineFolder(model, Optional.empty(), List.of());
  }

  /**
   * The encoder's file.
   *
   * @return the file; empty for a model of pixels, and where there is none
   */
  public Optional<Path> encoder() {
    return Optional.of(model(folder, "vae_encoder"))
        .filter(file -> autoencoder.isPresent() && Files.isRegularFile(file));
  }

  /**
   * What a manifest says about the parts.
   *
   * @param sampled shape of what the denoiser works on
   * @return the parts' names in a bundle and their factors
   */
  public PipelineSpec spec(ImageShape sampled) {
    Optional<String> encoder = encoder().map(file -> ENCODER);
    return new PipelineSpec(
        autoencoder.map(
            config ->
                new PipelineSpec.Latent(
                    DECODER, encoder, sampled, config.scalingFactor(), config.shiftFactor())),
        tokenizer.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new PipelineSpec.Text(TEXT_ENCODER, tokenizer, PipelineSpec.Text.HIDDEN_STATES)),
        OptionalInt.empty(),
        Optional.empty());
  }

  /**
   * The shape of the finished images.
   *
   * @param sampled shape of what the denoiser works on
   * @return that shape for a model of pixels, else the decoder's
   */
  public ImageShape image(ImageShape sampled) {
    return autoencoder.map(config -> config.image(sampled)).orElse(sampled);
  }

  /**
   * Adds the parts to a bundle whose manifest has their {@link #spec}. Constants in files of their
   * own become a part of the network's file.
   *
   * @param writer the bundle
   * @return the writer
   * @throws BundleException if a file is missing or cannot be read
   */
  public BundleWriter addTo(BundleWriter writer) {
    for (Map.Entry<String, Path> network : networks().entrySet()) {
      add(writer, network.getKey(), network.getValue());
    }
    for (String name : tokenizer) {
      writer.file(name, folder.resolve("tokenizer").resolve(name));
    }
    return writer;
  }

  private static void add(BundleWriter writer, String name, Path network) {
    try {
      if (ModelHeader.read(network).dataFiles().isEmpty()) {
        writer.file(name, network);
      } else {
        writer.file(name, ExternalData.embedded(network));
      }
    } catch (IOException e) {
      throw new BundleException(network + " cannot be read: " + e, e);
    }
  }

  /**
   * Refuses networks that cannot be put into a bundle.
   *
   * @throws IOException if a file cannot be read
   * @throws IllegalArgumentException if one is no ONNX model, or its data files are not there or
   *     too large to become one file with it
   */
  void requireWhole() throws IOException {
    for (Path network : networks().values()) {
      ExternalData.requireEmbeddable(network);
    }
  }

  /**
   * Where one of the networks is.
   *
   * @param name what a bundle calls it
   * @return its file in the folder
   * @throws IllegalArgumentException if the pipeline has none of that name
   */
  public Path network(String name) {
    Path file = networks().get(name);
    if (file == null) {
      throw new IllegalArgumentException(
          "pipeline " + folder + ": expected one of " + networks().keySet() + ", found " + name);
    }
    return file;
  }

  /** The networks by their names in a bundle. */
  private Map<String, Path> networks() {
    Map<String, Path> networks = new LinkedHashMap<>();
    if (autoencoder.isPresent()) {
      networks.put(DECODER, model(folder, "vae_decoder"));
      encoder().ifPresent(file -> networks.put(ENCODER, file));
    }
    if (!tokenizer.isEmpty()) {
      networks.put(TEXT_ENCODER, model(folder, "text_encoder"));
    }
    return networks;
  }

  /**
   * Hidden states of zeros, to try a denoiser with.
   *
   * @param signature the denoiser's tensors
   * @return a tensor for each of its conditions
   * @throws IllegalArgumentException if it has conditions that are no hidden states of a text
   */
  public Conditions zeros(DenoiserSignature signature) {
    Conditions conditions = Conditions.none();
    for (TensorPort port : signature.conditions()) {
      if (tokenizer.isEmpty()
          || !port.name().equals(PipelineSpec.Text.HIDDEN_STATES)
          || port.rank() != STATES_RANK
          || !port.isFixed(STATES_RANK - 1)) {
        throw new IllegalArgumentException(
            "pipeline "
                + folder
                + ": expected a denoiser without conditions besides "
                + PipelineSpec.Text.HIDDEN_STATES
                + " of a fixed width and a text encoder, found "
                + port.name()
                + " "
                + port.describe());
      }
      long tokens = port.isFixed(1) ? port.sizes().get(1) : CLIP_TOKENS;
      long width = port.sizes().get(STATES_RANK - 1);
      conditions =
          conditions.with(
              port.name(), TensorBuffer.of(TensorType.of(port.type()), 1, tokens, width));
    }
    return conditions;
  }

  private static Path model(Path folder, String part) {
    return folder.resolve(part).resolve("model.onnx");
  }

  /**
   * What the {@code config.json} of an autoencoder says. Other fields are ignored: they say how the
   * networks are built inside.
   *
   * @param scalingFactor what latents are multiplied with, {@code scaling_factor}; 0.18215 where it
   *     is not said
   * @param shiftFactor what is taken off them first, {@code shift_factor}; 0 where it is not said
   * @param channels of the images, {@code out_channels}; 3 where it is not said
   * @param reduction pixels of an image per pixel of a latent in each direction: 2 for every level
   *     of {@code block_out_channels} but the first; 8 where it is not said
   */
  public record Autoencoder(double scalingFactor, double shiftFactor, int channels, int reduction) {
    private static final int USUAL_REDUCTION = 8;

    /**
     * Finds the configuration in a pipeline's folder.
     *
     * @throws IOException if it cannot be read or is no JSON object
     */
    static Autoencoder find(Path folder) throws IOException {
      for (String part : List.of("vae_decoder", "vae_encoder", "vae")) {
        Path file = folder.resolve(part).resolve("config.json");
        if (Files.isRegularFile(file)) {
          return read(file);
        }
      }
      return of(new JsonObject());
    }

    /**
     * @throws IOException if the file cannot be read or is no JSON object
     */
    static Autoencoder read(Path file) throws IOException {
      return of(JsonObjectFile.read(file));
    }

    /** The shape of the image that a latent becomes. */
    ImageShape image(ImageShape latent) {
      return new ImageShape(
          channels,
          Math.multiplyExact(latent.height(), reduction),
          Math.multiplyExact(latent.width(), reduction));
    }

    private static Autoencoder of(JsonObject json) {
      return new Autoencoder(
          number(json, "scaling_factor", PipelineSpec.Latent.DEFAULT_SCALING_FACTOR),
          number(json, "shift_factor", 0),
          (int) number(json, "out_channels", 3),
          json.get("block_out_channels") instanceof JsonArray levels && !levels.isEmpty()
              ? 1 << (levels.size() - 1)
              : USUAL_REDUCTION);
    }

    private static double number(JsonObject json, String name, double otherwise) {
      return json.get(name) instanceof JsonPrimitive value && value.isNumber()
          ? value.getAsDouble()
          : otherwise;
    }
  }
}

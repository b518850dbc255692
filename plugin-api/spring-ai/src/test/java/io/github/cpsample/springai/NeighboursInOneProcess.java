package io.github.cpsample.springai;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.onnxruntime.OrtException;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import io.github.cpsample.plugin.GeneratedImage;
import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.ProtectedImageGenerator;
import io.github.cpsample.plugin.ProtectedImageProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.springframework.ai.transformers.TransformersEmbeddingModel;

/**
 * A program that holds a protected sampler, Spring AI's embedding model (ONNX Runtime, tokenizers
 * and PyTorch) and DJL's tensors (PyTorch) open, in the order of its arguments, and uses all of
 * them twice.
 */
final class NeighboursInOneProcess {
  static final String MODEL = "model";
  static final String EXPECTED = "expected.txt";

  private static final float[] TABLE = {0, 0, 1, -2, 3, 4, 0.5f, 8};
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
       "normalizer": null, "pre_tokenizer": {"type": "Whitespace"}, "post_processor": null,
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "?",
                 "vocab": {"?": 0, "red": 1, "blue": 2, "shoe": 3}}}
      """;

  private NeighboursInOneProcess() {}

  /** One that lives in the process. */
  private interface Neighbour extends AutoCloseable {
    void check();

    @Override
    void close() throws OrtException;
  }

  /** Writes down the images that this process makes without neighbours. */
  static void expect(Path folder) throws IOException {
    try (ProtectedImageGenerator generator = Sampler.open(folder.resolve(MODEL))) {
      List<String> lines = Sampler.values(generator).stream().map(String::valueOf).toList();
      Files.write(folder.resolve(EXPECTED), lines, StandardCharsets.UTF_8);
    }
  }

  /**
   * Called with a folder that holds a model and its images, and the names of the neighbours in
   * order.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    List<Neighbour> neighbours = new ArrayList<>();
    List<String> names = Arrays.asList(arguments).subList(1, arguments.length);
    for (String name : names) {
      neighbours.add(open(name, folder));
      neighbours.get(neighbours.size() - 1).check();
      System.out.println(name + " is right");
    }
    for (int i = 0; i < names.size(); i++) {
      neighbours.get(i).check();
      System.out.println(names.get(i) + " is right");
    }
    for (Neighbour neighbour : neighbours) {
      neighbour.close();
    }
  }

  private static Neighbour open(String name, Path folder) throws Exception {
    return switch (name) {
      case "sampler" -> new Sampler(folder);
      case "embeddings" -> new Embeddings(folder);
      case "tensors" -> new Tensors();
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static void require(double expected, double found, double tolerance, String what) {
    if (!(Math.abs(expected - found) <= tolerance)) {
      throw new IllegalStateException(what + ": expected " + expected + ", found " + found);
    }
  }

  /** A protected model, whose images are those that a process of its own made. */
  private static final class Sampler implements Neighbour {
    private final ProtectedImageGenerator generator;
    private final List<String> expected;

    Sampler(Path folder) throws IOException {
      expected = Files.readAllLines(folder.resolve(EXPECTED), StandardCharsets.UTF_8);
      generator = open(folder.resolve(MODEL));
    }

    static ProtectedImageGenerator open(Path model) {
      return ServiceLoader.load(ProtectedImageProvider.class)
          .findFirst()
          .orElseThrow()
          .open(model, "cpu");
    }

    /** The values of two images. */
    static List<Float> values(ProtectedImageGenerator generator) {
      List<Float> values = new ArrayList<>();
      GenerationRequest request = GenerationRequest.of(2).withSeed(3).withSteps(8);
      for (GeneratedImage image : generator.generate(request, GenerationListener.none()).images()) {
        for (float value : image.values()) {
          values.add(value);
        }
      }
      return values;
    }

    @Override
    public void check() {
      List<Float> found = values(generator);
      require(expected.size(), found.size(), 0, "values of two images");
      for (int i = 0; i < found.size(); i++) {
        require(Float.parseFloat(expected.get(i)), found.get(i), 1e-6, "value " + i);
      }
    }

    @Override
    public void close() {
      generator.close();
    }
  }

  /** A model whose tokens have the rows of a table; a text is their mean. */
  private static final class Embeddings implements Neighbour {
    private final TransformersEmbeddingModel model = new TransformersEmbeddingModel();

    Embeddings(Path folder) throws Exception {
      Path tokenizer = Files.writeString(folder.resolve("tokenizer.json"), TOKENIZER);
      Path network = Files.write(folder.resolve("table.onnx"), network());
      model.setDisableCaching(true);
      model.setTokenizerResource(tokenizer.toUri().toString());
      model.setModelResource(network.toUri().toString());
      model.afterPropertiesSet();
    }

    private static byte[] network() {
      GraphBuilder g = new GraphBuilder("table", 17);
      Shape tokens = Shape.of(Dim.symbolic("N"), Dim.symbolic("L"));
      Value ids = g.input("input_ids", ElementType.INT64, tokens);
      Value rows = g.gather(g.constant("table", TABLE, 4, 2), ids);
      g.output(
          "last_hidden_state",
          rows,
          ElementType.FLOAT,
          Shape.of(Dim.symbolic("N"), Dim.symbolic("L"), Dim.of(2)));
      return OnnxCodec.toBytes(g.build());
    }

    @Override
    public void check() {
      float[] found = model.embed("red shoe");
      require((1 + 0.5) / 2, found[0], 1e-6, "first value of 'red shoe'");
      require((-2 + 8) / 2.0, found[1], 1e-6, "second value of 'red shoe'");
    }

    @Override
    public void close() throws OrtException {
      model.close();
    }
  }

  /** The product of two matrices. */
  private static final class Tensors implements Neighbour {
    private final NDManager manager = NDManager.newBaseManager("PyTorch");

    @Override
    public void check() {
      NDArray a = manager.create(new float[] {1, 2, 3, 4}, new ai.djl.ndarray.types.Shape(2, 2));
      NDArray b = manager.create(new float[] {5, 6, 7, 8}, new ai.djl.ndarray.types.Shape(2, 2));
      float[] product = a.matMul(b).toFloatArray();
      float[] expected = {19, 22, 43, 50};
      for (int i = 0; i < expected.length; i++) {
        require(expected[i], product[i], 0, "product, value " + i);
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}

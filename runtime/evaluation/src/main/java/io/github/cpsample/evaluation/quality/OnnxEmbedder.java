package io.github.cpsample.evaluation.quality;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorBuffer;
import io.github.cpsample.inference.TensorSpec;
import io.github.cpsample.inference.TensorType;
import io.github.cpsample.inference.TensorValues;
import io.github.cpsample.onnx.ModelHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.StringJoiner;

/**
 * An embedder from a user's ONNX file. Name, type, size and channels of its input, and its output,
 * are taken from the file; what the file leaves open is taken from the {@link EmbedderSpec}, or
 * asked for in the error. The file, and files with its constants beside it, must stay until the
 * embedder is closed. Unlike others, it may be used by any number of threads at once.
 */
public final class OnnxEmbedder implements Embedder {

  private static final int BATCH = 32;

  private final EmbedderSpec spec;
  private final InferenceSession session;
  private final EmbedderInput input;
  private final EmbedderOutput output;
  private final NetworkImage image;
  private final int batch;
  private final String description;

  /**
   * Opens it, with one thread per core on the CPU.
   *
   * @param spec the file, and what it does not say
   * @param images shape of the images that are to be embedded
   * @param device where to run
   * @return it, open; the caller closes it
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file does not tell enough, or is no embedder of images
   * @throws io.github.cpsample.onnx.MalformedModelException if it is no ONNX model
   * @throws InferenceException if ONNX Runtime refuses it
   */
  public static OnnxEmbedder open(EmbedderSpec spec, ImageShape images, ResolvedDevice device)
      throws IOException {
    return open(spec, images, device, SessionSettings.defaults());
  }

  /**
   * Opens it.
   *
   * @param spec the file, and what it does not say
   * @param images shape of the images that are to be embedded
   * @param device where to run
   * @param settings threads and optimisation
   * @return it, open; the caller closes it
   * @throws IOException if the file cannot be read
   * @throws IllegalArgumentException if the file does not tell enough, or is no embedder of images
   * @throws io.github.cpsample.onnx.MalformedModelException if it is no ONNX model
   * @throws InferenceException if ONNX Runtime refuses it
   */
  public static OnnxEmbedder open(
      EmbedderSpec spec, ImageShape images, ResolvedDevice device, SessionSettings settings)
      throws IOException {
    images.requirePicture();
    if (spec.range().isEmpty()) {
      throw new Refusal(spec.file())
          .because(
              "range=, one of " + Preprocessing.labels() + ", which no file says", "no such key");
    }
    String hashes = hashes(spec.file());
    InferenceSession session =
        InferenceSession.open(spec.file().toString(), spec.file(), device, settings);
    try {
      return new OnnxEmbedder(spec, session, images, hashes);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private OnnxEmbedder(
      EmbedderSpec spec, InferenceSession session, ImageShape images, String hashes) {
    this.spec = spec;
    this.session = session;
    this.input = EmbedderInput.detect(spec, session.inputs(), images);
    this.output = EmbedderOutput.detect(spec, session.outputs());
    this.image = new NetworkImage(images, input.shape(), spec.range().orElseThrow(), spec.resize());
    this.batch = batch();
    this.description = describe(images, hashes);
  }

  private int batch() {
    OptionalInt in = input.batch();
    OptionalInt out = output.batch();
    if (in.isPresent() && out.isPresent() && in.getAsInt() != out.getAsInt()) {
      throw new Refusal(spec.file())
          .because(
              "as many vectors as images",
              input.name()
                  + " of "
                  + in.getAsInt()
                  + ", "
                  + output.name()
                  + " of "
                  + out.getAsInt());
    }
    return in.orElse(out.orElse(BATCH));
  }

  private boolean batchIsFixed() {
    return input.batch().isPresent() || output.batch().isPresent();
  }

  private String describe(ImageShape images, String hashes) {
    ImageShape shape = input.shape();
    boolean resized = images.height() != shape.height() || images.width() != shape.width();
    boolean inception = spec.range().flatMap(Preprocessing::inception).isPresent();
    return hashes
        + ", input "
        + input.name()
        + " "
        + shape.channels()
        + "x"
        + shape.height()
        + "x"
        + shape.width()
        + ", range "
        + spec.range().orElseThrow().label()
        + (resized && !inception ? ", resized " + spec.resize().label() : "")
        + ", output "
        + output.name()
        + " of "
        + output.dimension();
  }

  private static String hashes(Path file) throws IOException {
    StringJoiner hashes = new StringJoiner(", ");
    hashes.add(hash(file));
    for (String data : ModelHeader.read(file).dataFiles()) {
      hashes.add(hash(file.resolveSibling(data)));
    }
    return hashes.toString();
  }

  private static String hash(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      return file.getFileName() + " (SHA-256 " + Manifest.FileEntry.of(content).sha256() + ")";
    }
  }

  @Override
  public String name() {
    return spec.name();
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public int dimension() {
    return output.dimension();
  }

  @Override
  public float[][] embed(float[][] images) {
    float[][] rows = new float[images.length][output.dimension()];
    if (images.length == 0) {
      return rows;
    }
    int together = batchIsFixed() ? batch : Math.min(batch, images.length);
    TensorBuffer pixels = TensorBuffer.of(input.type(), shapeOf(together));
    TensorBuffer features = TensorBuffer.of(output.type(), output.shape(together));
    for (int from = 0; from < images.length; from += batch) {
      int count = Math.min(batch, images.length - from);
      fill(pixels.values(), images, from, count);
      int run = batchIsFixed() ? batch : count;
      session.run(
          Map.of(input.name(), pixels.rows(run)), Map.of(output.name(), features.rows(run)));
      for (int n = 0; n < count; n++) {
        features.values().get(n * output.dimension(), rows[from + n], 0, output.dimension());
        requireFinite(rows[from + n]);
      }
    }
    return rows;
  }

  private long[] shapeOf(int images) {
    ImageShape shape = input.shape();
    long[] axes = {images, 0, 0, 0};
    axes[input.layout().channelAxis()] = shape.channels();
    axes[input.layout().heightAxis()] = shape.height();
    axes[input.layout().widthAxis()] = shape.width();
    return axes;
  }

  private void fill(TensorValues pixels, float[][] images, int from, int count) {
    int size = input.shape().size();
    for (int n = 0; n < count; n++) {
      float[] values = image.of(images[from + n]);
      if (input.layout() == Layout.NCHW) {
        pixels.put(n * size, values, 0, size);
      } else {
        int channels = input.shape().channels();
        int plane = size / channels;
        for (int i = 0; i < size; i++) {
          pixels.put(n * size + i, values[i % channels * plane + i / channels]);
        }
      }
    }
  }

  private void requireFinite(float[] row) {
    for (float value : row) {
      if (!Float.isFinite(value)) {
        throw new InferenceException(
            "embedder "
                + spec.file()
                + ": expected finite features, found "
                + value
                + "; check its range, or take it in float32 where it is float16");
      }
    }
  }

  @Override
  public void close() {
    session.close();
  }

  /**
   * The output of an embedder that holds the features: [N,D], or [N,D,1,1] and the like, whose axes
   * of length 1 are dropped.
   *
   * @param name of the tensor
   * @param type float, float16 or double
   * @param dimension D
   * @param ones how many axes of length 1 follow
   * @param batch how many vectors come together; empty where that is free
   */
  private record EmbedderOutput(
      String name, TensorType type, int dimension, int ones, OptionalInt batch) {

    private static final List<TensorType> TYPES =
        List.of(TensorType.FLOAT, TensorType.FLOAT16, TensorType.DOUBLE);

    /**
     * Detects it.
     *
     * @param spec what the user says
     * @param outputs that the file declares
     * @throws IllegalArgumentException saying what was found and which key tells what is missing
     */
    static EmbedderOutput detect(EmbedderSpec spec, List<TensorSpec> outputs) {
      Refusal refusal = new Refusal(spec.file());
      List<TensorSpec> candidates =
          outputs.stream()
              .filter(it -> spec.output().map(it.name()::equals).orElse(true))
              .filter(EmbedderOutput::holdsVectors)
              .toList();
      if (candidates.size() != 1) {
        String expected =
            candidates.isEmpty()
                ? "an output [N,D] or [N,D,1,1] of floating point numbers"
                    + spec.output().map(it -> " that is called " + it).orElse("")
                : "the name of the output with the features, output=NAME";
        throw refusal.because(expected, EmbedderInput.describe(outputs));
      }
      TensorSpec output = candidates.get(0);
      long declared = output.dimensions().get(1);
      if (declared < 1 && spec.features().isEmpty()) {
        throw refusal.because(
            "the length of the vectors, features=D, which the file leaves open",
            EmbedderInput.describe(candidates));
      }
      if (declared > 0 && spec.features().isPresent() && spec.features().getAsInt() != declared) {
        throw refusal.because(
            spec.features().getAsInt() + " features, as the key says",
            EmbedderInput.describe(candidates));
      }
      long batch = output.dimensions().get(0);
      return new EmbedderOutput(
          output.name(),
          output.type(),
          declared > 0 ? Math.toIntExact(declared) : spec.features().getAsInt(),
          output.dimensions().size() - 2,
          batch > 0 ? OptionalInt.of(Math.toIntExact(batch)) : OptionalInt.empty());
    }

    /** The shape of the vectors of some images. */
    long[] shape(int images) {
      long[] shape = new long[ones + 2];
      Arrays.fill(shape, 1);
      shape[0] = images;
      shape[1] = dimension;
      return shape;
    }

    private static boolean holdsVectors(TensorSpec output) {
      List<Long> axes = output.dimensions();
      return TYPES.contains(output.type())
          && axes.size() >= 2
          && axes.subList(2, axes.size()).stream().allMatch(length -> length == 1 || length < 0);
    }
  }
}

package io.github.cpsample.diffusers;

import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The denoiser of {@code TinyModel} with another signature.
 *
 * @param input name of the image input
 * @param timestep name of the timestep input
 * @param output name of the prediction
 * @param type element type of images and prediction
 * @param timestepType element type of timesteps
 * @param timestepForm shape of timesteps: empty, 1, N, N1, or steps: declared free, one in truth
 * @param batch the number of images, 0 for any
 * @param spread what the second half of the channels holds; empty for none
 * @param label the input for labels, of three classes
 * @param pixels whether height and width are fixed
 */
record TinyVariant(
    String input,
    String timestep,
    String output,
    ElementType type,
    ElementType timestepType,
    String timestepForm,
    int batch,
    Optional<Float> spread,
    Optional<String> label,
    boolean pixels) {

  static TinyVariant of(ElementType type, ElementType timestepType, String form, int batch) {
    return new TinyVariant(
        "sample",
        "timestep",
        "out_sample",
        type,
        timestepType,
        form,
        batch,
        Optional.empty(),
        Optional.empty(),
        true);
  }

  TinyVariant named(String images, String time, String prediction) {
    return new TinyVariant(
        images, time, prediction, type, timestepType, timestepForm, batch, spread, label, pixels);
  }

  TinyVariant withSpread(float value) {
    return new TinyVariant(
        input,
        timestep,
        output,
        type,
        timestepType,
        timestepForm,
        batch,
        Optional.of(value),
        label,
        pixels);
  }

  TinyVariant withLabel(String name) {
    return new TinyVariant(
        input,
        timestep,
        output,
        type,
        timestepType,
        timestepForm,
        batch,
        spread,
        Optional.of(name),
        pixels);
  }

  TinyVariant ofAnySize() {
    return new TinyVariant(
        input, timestep, output, type, timestepType, timestepForm, batch, spread, label, false);
  }

  byte[] model() {
    GraphBuilder g = new GraphBuilder("denoiser", 17);
    Dim rows = batch > 0 ? Dim.of(batch) : Dim.symbolic("batch");
    Dim side = pixels ? Dim.of(4) : Dim.unknown();
    Value given = g.input(input, type, Shape.of(rows, Dim.of(1), side, side));
    Value x = cast(g, given, ElementType.FLOAT);
    Value t = g.input(timestep, timestepType, timestepShape(rows));
    Value time = g.reshape(cast(g, t, ElementType.FLOAT), longs(g, "time.shape", times()));
    Value linear = scaled(g, x, "linear", 0.6f);
    Value bent = scaled(g, g.tanh(scaled(g, x, "inner", 2)), "outer", 0.3f);
    Value offset =
        g.sub(scaled(g, time, "slope", 1e-4f), g.constant("shift", new float[] {0.05f}, 1));
    if (label.isPresent()) {
      Value classes = g.input(label.get(), ElementType.INT64, Shape.of(rows));
      Value table = g.constant("table", new float[] {0, 0.1f, 0.2f}, 3, 1, 1, 1);
      offset = g.add(offset, g.gather(table, classes));
    }
    Value sum = g.add(g.add(linear, bent), offset);
    if (spread.isPresent()) {
      Value half =
          g.add(scaled(g, x, "nothing", 0), g.constant("spread", new float[] {spread.get()}, 1));
      sum = g.concat(List.of(sum, half), 1);
    }
    Dim channels = Dim.of(spread.isPresent() ? 2 : 1);
    g.output(output, cast(g, sum, type), type, Shape.of(rows, channels, side, side));
    return OnnxCodec.toBytes(g.build());
  }

  Path write(Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.createDirectories(folder);
    Files.write(file, model());
    return file;
  }

  /** Writes the model with its numbers in a file beside it; shapes stay, as exports leave them. */
  Path writeWithDataFile(Path folder, String location) throws IOException {
    return ModelWithDataFile.write(model(), folder, location);
  }

  private Shape timestepShape(Dim rows) {
    return switch (timestepForm) {
      case "" -> Shape.of();
      case "1" -> Shape.fixed(1);
      case "N" -> Shape.of(rows);
      case "N1" -> Shape.of(rows, Dim.of(1));
      default -> Shape.of(Dim.symbolic(timestepForm));
    };
  }

  /** The shape in which timesteps meet the images. */
  private long[] times() {
    return timestepForm.equals("steps") ? new long[] {1, 1, 1, 1} : new long[] {-1, 1, 1, 1};
  }

  private static Value longs(GraphBuilder g, String name, long[] values) {
    return g.constant(name, values, values.length);
  }

  private static Value cast(GraphBuilder g, Value value, ElementType type) {
    return g.cast(value, type);
  }

  private static Value scaled(GraphBuilder g, Value x, String name, float factor) {
    return g.mul(x, g.constant(name, new float[] {factor}, 1));
  }
}

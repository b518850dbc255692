package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ElementType;
import io.github.cpsample.onnx.GraphBuilder;
import io.github.cpsample.onnx.OnnxCodec;
import io.github.cpsample.onnx.OnnxModel;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Denoisers in the layout and with the tensor names that Optimum writes. */
final class ExportedFolder {
  private static final String SCHEDULER =
      """
      {
        "_class_name": "DDIMScheduler",
        "_diffusers_version": "0.30.0",
        "beta_end": %s,
        "beta_schedule": "%s",
        "beta_start": %s,
        "clip_sample": true,
        "num_train_timesteps": %d,
        "prediction_type": "%s",
        "set_alpha_to_one": true,
        "steps_offset": 0,
        "timestep_spacing": "leading",
        "trained_betas": null
      }
      """;

  private ExportedFolder() {}

  /** The denoiser of a bundle, with int64 timesteps. */
  static void of(ModelBundle bundle, Path folder) throws IOException {
    Manifest manifest = bundle.manifest();
    OnnxModel model = OnnxCodec.read(bundle.file(manifest.denoiser().file()));
    GraphBuilder g = new GraphBuilder("unet", model.opset());
    Dim rows = Dim.symbolic("batch_size");
    Shape images =
        Shape.of(
            rows,
            Dim.of(manifest.image().channels()),
            Dim.of(manifest.image().height()),
            Dim.of(manifest.image().width()));
    Value sample = g.input("sample", ElementType.FLOAT, images);
    Value timestep = g.input("timestep", ElementType.INT64, Shape.of(rows));
    Value t = g.cast(timestep, ElementType.FLOAT);
    Map<String, Value> out =
        g.inline(
            model.graph(),
            "unet/",
            Map.of(manifest.denoiser().input(), sample, manifest.denoiser().timestep(), t));
    g.output("out_sample", out.get(manifest.denoiser().output()), ElementType.FLOAT, images);
    write(
        folder,
        g.build(),
        SCHEDULER.formatted(
            manifest.schedule().betaEnd(),
            manifest.schedule().kind().jsonName().replace('-', '_'),
            manifest.schedule().betaStart(),
            manifest.schedule().trainTimesteps(),
            manifest.denoiser().predictionType().jsonName()));
  }

  /** A denoiser of a few nodes: 0.9 x + 1e-4 t, with one scalar timestep. */
  static void tiny(Path folder, int channels, int side) throws IOException {
    tiny(folder, channels, side, -1);
  }

  /** The same, but infinite at a timestep. */
  static void failing(Path folder, int channels, int side, int timestep) throws IOException {
    tiny(folder, channels, side, timestep);
  }

  /** Adds a table of three classes, {@code class_labels}. */
  static void ofClasses(Path folder, int channels, int side) throws IOException {
    GraphBuilder g = new GraphBuilder("unet", 17);
    Dim rows = Dim.symbolic("batch_size");
    Shape images = Shape.of(rows, Dim.of(channels), Dim.of(side), Dim.of(side));
    Value x = g.input("sample", ElementType.FLOAT, images);
    Value t = g.cast(g.input("timestep", ElementType.INT64, Shape.of()), ElementType.FLOAT);
    Value labels = g.input("class_labels", ElementType.INT64, Shape.of(rows));
    Value table = g.constant("table", new float[] {0, 0.1f, 0.3f}, 3, 1, 1, 1);
    Value sum =
        g.add(
            g.mul(x, g.constant("a", new float[] {0.9f}, 1)),
            g.mul(t, g.constant("b", new float[] {1e-4f}, 1)));
    g.output("out_sample", g.add(sum, g.gather(table, labels)), ElementType.FLOAT, images);
    write(folder, g.build(), SCHEDULER.formatted(0.02, "linear", 1e-4, 1000, "epsilon"));
  }

  private static void tiny(Path folder, int channels, int side, int pole) throws IOException {
    GraphBuilder g = new GraphBuilder("unet", 17);
    Shape images =
        Shape.of(Dim.symbolic("batch_size"), Dim.of(channels), Dim.of(side), Dim.of(side));
    Value x = g.input("sample", ElementType.FLOAT, images);
    Value t = g.cast(g.input("timestep", ElementType.INT64, Shape.of()), ElementType.FLOAT);
    Value sum =
        g.add(
            g.mul(x, g.constant("a", new float[] {0.9f}, 1)),
            g.mul(t, g.constant("b", new float[] {1e-4f}, 1)));
    if (pole >= 0) {
      Value distance = g.sub(t, g.constant("pole", new float[] {pole}, 1));
      sum = g.add(sum, g.div(g.constant("one", new float[] {1}, 1), distance));
    }
    g.output("out_sample", sum, ElementType.FLOAT, images);
    write(folder, g.build(), SCHEDULER.formatted(0.02, "linear", 1e-4, 1000, "epsilon"));
  }

  private static void write(Path folder, OnnxModel unet, String scheduler) throws IOException {
    Files.createDirectories(folder.resolve("unet"));
    Files.createDirectories(folder.resolve("scheduler"));
    Files.writeString(
        folder.resolve("model_index.json"),
        "{\"_class_name\": \"DDIMPipeline\", \"scheduler\": [\"diffusers\", \"DDIMScheduler\"],"
            + " \"unet\": [\"diffusers\", \"OnnxRuntimeModel\"]}");
    OnnxCodec.write(unet, folder.resolve("unet/model.onnx"));
    Files.writeString(folder.resolve("scheduler/scheduler_config.json"), scheduler);
  }
}

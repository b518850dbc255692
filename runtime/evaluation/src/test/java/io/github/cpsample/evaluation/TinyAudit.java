package io.github.cpsample.evaluation;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.evaluation.audit.Audit;
import io.github.cpsample.evaluation.audit.AuditDisplay;
import io.github.cpsample.evaluation.audit.AuditImages;
import io.github.cpsample.evaluation.audit.AuditOutput;
import io.github.cpsample.evaluation.audit.AuditSettings;
import io.github.cpsample.evaluation.audit.AuditedModel;
import io.github.cpsample.evaluation.audit.ReportPictures;
import io.github.cpsample.evaluation.comparators.ComparedMethods;
import io.github.cpsample.evaluation.comparators.SpellSettings;
import io.github.cpsample.evaluation.figures.Report;
import io.github.cpsample.evaluation.quality.Embedder;
import io.github.cpsample.evaluation.replication.SearchSettings;
import io.github.cpsample.evaluation.statistics.RowSource;
import io.github.cpsample.image.ImageDecoder;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What an audit of {@link TinyBundle#memorising} needs, by all methods, in seconds: 10 seeds of the
 * model's own sampler in batches of 4, from seed 5 on.
 */
public final class TinyAudit implements AutoCloseable {

  /** What is done. */
  public static final AuditSettings SETTINGS =
      new AuditSettings(
          10,
          6,
          5,
          4,
          6,
          ComparedMethods.NAMES,
          SearchSettings.Mode.AUTO,
          SpellSettings.RADIUS_SHARE);

  /** A display that shows nothing. */
  public static final AuditDisplay SILENT =
      (what, unit) ->
          new AuditDisplay.Stage() {
            @Override
            public void show(long done, long total) {}

            @Override
            public void close() {}
          };

  /** An output that keeps nothing. */
  public static final AuditOutput NO_FILES =
      new AuditOutput() {
        @Override
        public void begin() {}

        @Override
        public void write(Report report, ReportPictures pictures, SampleLines samples) {}
      };

  /** Times, which differ from run to run. */
  private static final Set<String> TIMES =
      Set.of("seconds", "secondsPerImage", "queriesPerSecond", "began", "overhead");

  private final ModelBundle bundle;
  private final ProtectedSampler sampler;
  private final AuditImages images;

  private TinyAudit(ModelBundle bundle, ProtectedSampler sampler, AuditImages images) {
    this.bundle = bundle;
    this.sampler = sampler;
    this.images = images;
  }

  /** Writes the model to the folder {@code model} in a folder, and opens it. */
  public static TinyAudit in(Path folder) throws IOException {
    TinyBundle.memorising().toDirectory(folder.resolve("model"));
    ModelBundle bundle = ModelBundle.open(folder.resolve("model"));
    return new TinyAudit(
        bundle,
        ProtectedSampler.open(bundle, Device.cpu()),
        new AuditImages(
            TinyBundle.SHAPE,
            rows(folder.resolve("training"), LongStream.range(1, 12).toArray()),
            rows(folder.resolve("others"), LongStream.range(100, 116).toArray()),
            Map.of(AuditImages.TRAINING, "11", AuditImages.HELD_OUT, "16")));
  }

  private static RowSource rows(Path folder, long... seeds) throws IOException {
    TinyImages.write(folder, seeds);
    List<float[]> rows = new ArrayList<>();
    for (int i = 0; i < seeds.length; i++) {
      rows.add(ImageDecoder.read(folder.resolve("image-" + i + ".png"), TinyBundle.SHAPE));
    }
    return RowSource.of(rows.toArray(float[][]::new));
  }

  /** The model, asked for nothing in particular. */
  public AuditedModel model() {
    return new AuditedModel(bundle, sampler, new AuditedModel.Condition("", request -> request));
  }

  /** Training and held-out images. */
  public AuditImages images() {
    return images;
  }

  /** The audit, with an embedder. */
  public Audit audit(AuditDisplay display) {
    return audit(SETTINGS, display);
  }

  /** Another audit of the same model. */
  public Audit audit(AuditSettings settings, AuditDisplay display) {
    return new Audit(model(), images, List.of(new Sums()), settings, display);
  }

  /**
   * A report, or a part of one, without what differs from run to run.
   *
   * @param report changed in place
   * @return the same
   */
  public static JsonObject timeless(JsonElement report) {
    removeTimes(report);
    return report.getAsJsonObject();
  }

  private static void removeTimes(JsonElement element) {
    if (element.isJsonArray()) {
      element.getAsJsonArray().forEach(TinyAudit::removeTimes);
    } else if (element.isJsonObject()) {
      TIMES.forEach(element.getAsJsonObject()::remove);
      element.getAsJsonObject().entrySet().forEach(entry -> removeTimes(entry.getValue()));
    }
  }

  @Override
  public void close() {
    sampler.close();
    bundle.close();
  }

  /** Three sums of pixels. */
  private static final class Sums implements Embedder {
    @Override
    public String name() {
      return "sums";
    }

    @Override
    public String description() {
      return "three sums of pixels";
    }

    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public float[][] embed(float[][] pixels) {
      float[][] sums = new float[pixels.length][3];
      for (int n = 0; n < pixels.length; n++) {
        for (int i = 0; i < pixels[n].length; i++) {
          sums[n][i % 3] += pixels[n][i];
        }
      }
      return sums;
    }

    @Override
    public void close() {}
  }
}

package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.plugin.GenerationListener;
import io.github.cpsample.plugin.GenerationRequest;
import io.github.cpsample.plugin.GenerationResult;
import io.github.cpsample.plugin.GenerationSummary;
import io.github.cpsample.plugin.ProtectedImageException;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Command;
import io.github.cpsample.tools.cli.CommandSpec;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.ProgressDisplay;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.SamplingOptions;
import io.github.cpsample.tools.pipeline.Pipeline;
import io.github.cpsample.tools.pipeline.PipelineSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** {@code cpsample pipeline}: a minimal host that generates images through plugin jars. */
public final class PipelineCommand implements Command {

  private static final Opt<Path> PLUGINS =
      Opt.path("plugins", "DIR", "folder with plugin jars, loaded in a class loader of their own")
          .required();
  private static final Opt<String> MODEL =
      Opt.text(
          "model",
          "NAME|PATH",
          "a model that a plugin brings along, or a bundle (folder or zip); default: the first"
              + " model of the plugins");

  /** The command; it has no state. */
  public PipelineCommand() {}

  @Override
  public CommandSpec spec() {
    return new CommandSpec(
        "pipeline",
        "Generate images as a host application does, through plugin jars",
        "",
        "Uses nothing but the plugins' public interface. cpsample-plugin-all.jar works alone;"
            + " with cpsample-plugin.jar the host brings ONNX Runtime along, as this one does.",
        List.of(
            PLUGINS,
            MODEL,
            SamplingOptions.COUNT,
            SamplingOptions.STEPS,
            SamplingOptions.SAMPLER,
            SamplingOptions.SEED,
            SamplingOptions.BATCH,
            SamplingOptions.PROTECT,
            SamplingOptions.DEVICE,
            SamplingOptions.OUT),
        "cpsample pipeline --plugins plugins --model fashion-mnist --count 16 --out images");
  }

  @Override
  public Action prepare(Arguments arguments) {
    PipelineSettings settings =
        new PipelineSettings(
            arguments.get(PLUGINS),
            arguments.find(MODEL),
            arguments.get(SamplingOptions.DEVICE),
            request(arguments),
            arguments.get(SamplingOptions.OUT));
    return terminal -> run(settings, terminal);
  }

  private static GenerationRequest request(Arguments arguments) {
    GenerationRequest request =
        GenerationRequest.of(arguments.get(SamplingOptions.COUNT))
            .withSeed(arguments.get(SamplingOptions.SEED))
            .withBatchSize(arguments.get(SamplingOptions.BATCH));
    if (arguments.has(SamplingOptions.STEPS)) {
      request = request.withSteps(arguments.get(SamplingOptions.STEPS));
    }
    if (arguments.has(SamplingOptions.SAMPLER)) {
      request = request.withSampler(arguments.get(SamplingOptions.SAMPLER));
    }
    return SamplingOptions.protect(arguments) ? request : request.withProtection(false);
  }

  private static void run(PipelineSettings settings, Terminal terminal) throws Exception {
    GenerationResult result;
    try (ProgressDisplay progress = terminal.progress("pipeline", "batch steps")) {
      result = Pipeline.run(settings, PipelineCommand.class.getClassLoader(), follow(progress));
    } catch (ProtectedImageException e) {
      throw e.reason() == ProtectedImageException.Reason.CANCELLED
          ? new CancellationException(e.getMessage())
          : e;
    }
    print(result, settings, terminal);
  }

  private static GenerationListener follow(ProgressDisplay progress) {
    return new GenerationListener() {
      @Override
      public void onStep(int stepsDone, int stepsTotal) {
        progress.show(stepsDone, stepsTotal);
      }

      @Override
      public boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
      }
    };
  }

  private static void print(GenerationResult result, PipelineSettings settings, Terminal terminal) {
    GenerationSummary summary = result.summary();
    summary.deviceNote().ifPresent(note -> terminal.err().println("cpsample pipeline: " + note));
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "%d images in %s, %d of them guarded, on %s, %.1f s%n",
            result.images().size(),
            settings.out(),
            summary.imagesGuarded(),
            summary.device(),
            summary.seconds());
  }
}

package io.github.cpsample.tools.commands.sampling;

import io.github.cpsample.guard.GuaranteedSampler;
import io.github.cpsample.guard.IndexCheck;
import io.github.cpsample.guard.TrainingIndex;
import io.github.cpsample.sampling.Progress;
import io.github.cpsample.sampling.ProtectedSampler;
import io.github.cpsample.sampling.SampleRequest;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.cli.UsageException;
import io.github.cpsample.tools.commands.shared.IndexArgument;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Hard guarantee mode of {@code cpsample sample}.
 *
 * @param index the index's file
 * @param maxTries how often an image is sampled at most
 */
record GuaranteeOptions(Path index, int maxTries) {

  static final Opt<Path> GUARANTEE =
      Opt.path(
          "guarantee",
          "INDEX",
          "hold every image against this index of the training images, and sample one that is too"
              + " close again from another seed");
  static final Opt<Integer> MAX_TRIES =
      Opt.integer(
          "max-tries",
          "with --guarantee: tries per image, then an error; default: " + GuaranteedSampler.TRIES,
          1);

  static Optional<GuaranteeOptions> of(Arguments arguments) {
    Optional<Path> index = arguments.find(GUARANTEE);
    Optional<Integer> tries = arguments.find(MAX_TRIES);
    if (index.isEmpty() && tries.isPresent()) {
      throw new UsageException("--max-tries: expected --guarantee, whose tries it bounds");
    }
    return index.map(file -> new GuaranteeOptions(file, tries.orElse(GuaranteedSampler.TRIES)));
  }

  /** What a report says about it. */
  record Report(
      int indexImages,
      boolean indexIsOfTheModelsImages,
      String rule,
      int maxTries,
      int imagesResampled,
      int samplesRejected) {}

  /** Images that passed, and the report. */
  record Outcome(GuaranteedSampler.Result result, Report report) {}

  Outcome sample(
      ProtectedSampler sampler, SampleRequest request, Progress progress, Terminal terminal)
      throws IOException {
    TrainingIndex training = IndexArgument.open(index, sampler.manifest(), terminal);
    IndexCheck check = IndexCheck.of(training);
    GuaranteedSampler.Result result =
        new GuaranteedSampler(sampler, check, maxTries).sample(request, progress);
    return new Outcome(
        result,
        new Report(
            training.size(),
            IndexArgument.isOf(training, sampler.manifest()),
            check.closeness().describe(),
            maxTries,
            result.resampledImages(),
            result.rejected()));
  }
}

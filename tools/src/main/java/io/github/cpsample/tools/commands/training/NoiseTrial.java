package io.github.cpsample.tools.commands.training;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.PipelineSpec;
import io.github.cpsample.diffusers.PredictionFit;
import io.github.cpsample.diffusers.SettingsTrial;
import io.github.cpsample.diffusers.ThirdPartyDenoiser;
import io.github.cpsample.image.FloatImage;
import io.github.cpsample.image.ImageShape;
import io.github.cpsample.inference.Conditioning;
import io.github.cpsample.inference.Conditions;
import io.github.cpsample.inference.ConditionsBuilder;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TextEncoder;
import io.github.cpsample.latent.LatentEncoder;
import io.github.cpsample.tools.cli.Arguments;
import io.github.cpsample.tools.cli.Opt;
import io.github.cpsample.tools.cli.Terminal;
import io.github.cpsample.tools.commands.shared.DataOptions;
import io.github.cpsample.trainer.data.BrokenImageException;
import io.github.cpsample.trainer.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Tries a denoiser on noised training images before a classifier is trained for it. */
final class NoiseTrial {
  static final Opt<Boolean> OFF =
      Opt.flag(
          "no-noise-test",
          "do not refuse a denoiser whose predictions for noised images do not fit schedule and"
              + " prediction type");

  private static final int IMAGES = 4;

  private NoiseTrial() {}

  /**
   * Prints that the settings fit, or why it was not tried.
   *
   * @param emptyText what the denoiser is conditioned on, if it takes texts
   * @throws IllegalArgumentException if other settings fit better, naming them, or none does
   */
  static void run(
      ThirdPartyDenoiser denoiser,
      Optional<TextEncoder.HiddenStates> emptyText,
      Arguments arguments,
      ResolvedDevice device,
      Terminal terminal)
      throws IOException {
    Optional<String> reason = whyNot(denoiser, arguments);
    if (reason.isPresent()) {
      terminal.out().println("not tried on noised images, since " + reason.get());
      return;
    }
    List<PredictionFit.Subject> subjects = subjects(denoiser, emptyText, arguments, device);
    if (subjects.isEmpty()) {
      terminal.out().println("not tried on noised images, since none of the first can be read");
      return;
    }
    SettingsTrial.Outcome outcome = SettingsTrial.run(denoiser, subjects, device);
    if (!outcome.fits()) {
      throw new IllegalArgumentException(refusal("denoiser " + denoiser.files().model(), outcome));
    }
    terminal
        .out()
        .printf(
            Locale.ROOT,
            "tried on %d noised images: predictions fit %s and the schedule (correlation %.2f)%n",
            outcome.images(),
            outcome.stated().words(),
            outcome.stated().correlation());
  }

  private static Optional<String> whyNot(ThirdPartyDenoiser denoiser, Arguments arguments) {
    if (arguments.has(OFF)) {
      return Optional.of("--" + OFF.name() + " says so");
    }
    if (denoiser.parts().autoencoder().isPresent() && denoiser.parts().encoder().isEmpty()) {
      return Optional.of("the pipeline has no vae_encoder, which makes latents of images");
    }
    int channels = denoiser.parts().image(denoiser.shape()).channels();
    return channels == 1 || channels == 3
        ? Optional.empty()
        : Optional.of("images of " + channels + " channels are neither grey nor colour");
  }

  /** A few images from all over the data, as the denoiser receives them. */
  private static List<PredictionFit.Subject> subjects(
      ThirdPartyDenoiser denoiser,
      Optional<TextEncoder.HiddenStates> emptyText,
      Arguments arguments,
      ResolvedDevice device)
      throws IOException {
    ImageShape shape = denoiser.parts().image(denoiser.shape());
    List<FloatImage> pictures = new ArrayList<>();
    List<OptionalInt> labels = new ArrayList<>();
    try (ImageDataset images = DataOptions.images(arguments).openTraining(shape)) {
      int wanted = Math.min(IMAGES, images.size());
      for (int i = 0; i < wanted; i++) {
        int index = (int) ((long) i * images.size() / wanted);
        float[] values = new float[shape.size()];
        try {
          images.read(index, values, 0);
        } catch (BrokenImageException e) {
          continue;
        }
        pictures.add(FloatImage.copyOf(shape, values, 0));
        labels.add(images.label(index));
      }
    }
    List<FloatImage> seen = encoded(denoiser, pictures, device);
    List<PredictionFit.Subject> subjects = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      subjects.add(
          new PredictionFit.Subject(seen.get(i), conditions(denoiser, emptyText, labels.get(i))));
    }
    return subjects;
  }

  private static List<FloatImage> encoded(
      ThirdPartyDenoiser denoiser, List<FloatImage> pictures, ResolvedDevice device) {
    Optional<Path> encoder = denoiser.parts().encoder();
    if (encoder.isEmpty() || pictures.isEmpty()) {
      return pictures;
    }
    PipelineSpec.Latent spec = denoiser.pipeline().latent().orElseThrow();
    try (InferenceSession session =
        InferenceSession.open(
            "encoder " + encoder.get(), encoder.get(), device, SessionSettings.defaults())) {
      LatentEncoder latents = new LatentEncoder(session, spec, pictures.get(0).shape());
      return pictures.stream().map(latents::encode).toList();
    }
  }

  /** The image's own class where it is known, else the one for none, else the first. */
  private static Conditions conditions(
      ThirdPartyDenoiser denoiser,
      Optional<TextEncoder.HiddenStates> emptyText,
      OptionalInt label) {
    DenoiserSignature signature = denoiser.spec().signature();
    ConditionsBuilder conditions =
        new ConditionsBuilder(denoiser.spec(), Conditioning.Guidance.NONE);
    if (signature.label().isPresent()) {
      boolean known = label.isPresent() && label.getAsInt() < denoiser.spec().classes();
      conditions.label(
          known ? label.getAsInt() : denoiser.nullClass().orElse(0), OptionalInt.empty());
    }
    emptyText.ifPresent(text -> conditions.text(PipelineSpec.Text.HIDDEN_STATES, text, text));
    return conditions.build().with();
  }

  private static String refusal(String source, SettingsTrial.Outcome outcome) {
    return source
        + ": expected predictions that fit "
        + outcome.stated().words()
        + " and the schedule on "
        + outcome.images()
        + " noised images of --data, found "
        + outcome.likely().map(NoiseTrial::likely).orElseGet(NoiseTrial::unlikely)
        + ". Correlations with what such a denoiser predicts, 1 being perfect: "
        + list(outcome.types())
        + "; of schedules, at two noise levels: "
        + list(outcome.schedules())
        + ". To go on all the same, give --"
        + OFF.name();
  }

  private static String likely(String setting) {
    if (setting.contains(SettingsTrial.UNIT_TIMESTEPS)) {
      return "that they fit "
          + setting
          + " better; export the denoiser so that it takes the timesteps 0, 1, 2, ... of its"
          + " schedule and divides them itself";
    }
    return "that they fit "
        + setting
        + " better; say that (or correct prediction_type, num_train_timesteps and beta_schedule in"
        + " the scheduler_config.json)";
  }

  private static String unlikely() {
    return "no setting that they fit: check that --data has the kind of images that it was trained"
        + " on, with values from -1 to 1, and its betas (--beta-start, --beta-end)";
  }

  private static String list(List<SettingsTrial.Tried> tried) {
    return tried.stream()
        .map(one -> String.format(Locale.ROOT, "%s %.3f", one.words(), one.correlation()))
        .collect(Collectors.joining(", "));
  }
}

package io.github.cpsample.diffusers;

import io.github.cpsample.denoiser.PredictionFit;
import io.github.cpsample.diffusion.BetaSchedule;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.diffusion.NoiseScheduleConfig;
import io.github.cpsample.diffusion.PredictionType;
import io.github.cpsample.inference.InferenceException;
import io.github.cpsample.inference.InferenceSession;
import io.github.cpsample.inference.ResolvedDevice;
import io.github.cpsample.inference.SessionSettings;
import io.github.cpsample.inference.TensorType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tries on noised images whether a denoiser predicts what its settings say. No graph tells the
 * prediction type or the noise schedule, and a denoiser that is sampled with wrong ones runs
 * without an error and makes noise.
 *
 * <p>Every type is compared at the stated schedule; other schedules are compared with it on the
 * same images and noise. A setting is wrong where another one fits clearly better.
 */
public final class SettingsTrial {
  /** What is likely where a denoiser takes fractions of the schedule; no option says that. */
  public static final String UNIT_TIMESTEPS = "timesteps from 0 to 1";

  private static final List<Double> SIGNALS = List.of(0.8, 0.5, 0.2, 0.05);

  /** Where schedules differ most: noise that the denoiser can see well, if it is told how much. */
  private static final List<Double> SEARCH_SIGNALS = List.of(0.5, 0.05);

  private static final int SEARCH_IMAGES = 2;
  private static final List<Integer> TIMESTEPS = List.of(100, 250, 500, 1000, 2000, 4000);
  private static final double LEAST = 0.3;
  private static final double MARGIN = 0.05;
  private static final double ERROR_RATIO = 1.25;
  private static final double ROUNDING = 1e-6;

  private final ThirdPartyDenoiser denoiser;
  private final List<PredictionFit.Subject> subjects;
  private final InferenceSession session;

  private SettingsTrial(
      ThirdPartyDenoiser denoiser,
      List<PredictionFit.Subject> subjects,
      InferenceSession session) {
    this.denoiser = denoiser;
    this.subjects = List.copyOf(subjects);
    this.session = session;
  }

  /**
   * Tries a denoiser.
   *
   * @param denoiser the denoiser
   * @param subjects images that it was trained on, at least one, as it receives them; four are
   *     enough
   * @param device where to run it
   * @return what was found
   * @throws IllegalArgumentException if there is no image, or one of another shape
   * @throws InferenceException if the denoiser fails at a timestep of its schedule
   */
  public static Outcome run(
      ThirdPartyDenoiser denoiser, List<PredictionFit.Subject> subjects, ResolvedDevice device) {
    try (InferenceSession session =
        InferenceSession.open(
            "denoiser " + denoiser.files().model(),
            denoiser.files().model(),
            device,
            SessionSettings.defaults())) {
      return new SettingsTrial(denoiser, subjects, session).run();
    }
  }

  /**
   * A setting that was tried.
   *
   * @param words the setting as an option
   * @param correlation concordance of the predictions with what a perfect denoiser of this setting
   *     predicts, 1 at most
   */
  public record Tried(String words, double correlation) {}

  /**
   * What a trial came to.
   *
   * @param images number of images noised
   * @param stated the prediction type that the settings say, and how well it fits
   * @param types every prediction type at the stated schedule
   * @param schedules the stated schedule, then others, at fewer noise levels
   * @param likely the settings that fit better than the stated ones; empty where there are none
   */
  public record Outcome(
      int images, Tried stated, List<Tried> types, List<Tried> schedules, Optional<String> likely) {
    /**
     * Copies the lists.
     *
     * @param images as the component says
     * @param stated as the component says
     * @param types as the component says
     * @param schedules as the component says
     * @param likely as the component says
     */
    public Outcome {
      types = List.copyOf(types);
      schedules = List.copyOf(schedules);
    }

    /**
     * Whether the denoiser predicts what its settings say.
     *
     * @return false if other settings fit clearly better, or the stated ones do not fit
     */
    public boolean fits() {
      return likely.isEmpty() && stated.correlation() >= LEAST;
    }
  }

  private Outcome run() {
    PredictionType said = denoiser.scheduler().predictionType();
    Schedule stated = new Schedule("the stated schedule", denoiser.scheduler().createSchedule(), 1);
    Map<PredictionType, Double> types = mean(fits(subjects, SIGNALS, stated));
    PredictionType best = said;
    for (Map.Entry<PredictionType, Double> type : types.entrySet()) {
      if (type.getValue() > types.get(best) + (best == said ? MARGIN : 0)) {
        best = type.getKey();
      }
    }
    List<Candidate> candidates = candidates(stated, best);
    Candidate first = candidates.get(0);
    Optional<Candidate> better =
        candidates.stream()
            .filter(candidate -> candidate.errorRatio(first) >= ERROR_RATIO)
            .max(Comparator.comparingDouble(candidate -> candidate.errorRatio(first)));
    List<String> likely = new ArrayList<>();
    if (best != said) {
      likely.add(words(best));
    }
    better.ifPresent(candidate -> likely.add(candidate.words()));
    return new Outcome(
        subjects.size(),
        new Tried(words(said), types.get(said)),
        types.entrySet().stream()
            .map(type -> new Tried(words(type.getKey()), type.getValue()))
            .toList(),
        candidates.stream()
            .map(candidate -> new Tried(candidate.words(), candidate.correlation()))
            .toList(),
        likely.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", likely)));
  }

  private static String words(PredictionType type) {
    return "--prediction-type " + type.jsonName();
  }

  /** A schedule, and what the denoiser is given for timestep 1 of it. */
  private record Schedule(String words, NoiseSchedule table, double timestepUnit) {}

  /** How well a schedule fits, level by level. */
  private record Candidate(String words, List<Double> fits) {
    double correlation() {
      return fits.stream().mapToDouble(fit -> fit).average().orElseThrow();
    }

    /** How many times as large another one's errors are, as a geometric mean over the levels. */
    double errorRatio(Candidate other) {
      double logarithm = 0;
      for (int i = 0; i < fits.size(); i++) {
        logarithm +=
            Math.log(
                Math.max(1 - other.fits.get(i), ROUNDING) / Math.max(1 - fits.get(i), ROUNDING));
      }
      return Math.exp(logarithm / fits.size());
    }
  }

  /** The stated schedule first, then those of the others at which the denoiser runs. */
  private List<Candidate> candidates(Schedule stated, PredictionType type) {
    List<PredictionFit.Subject> few =
        subjects.subList(0, Math.min(SEARCH_IMAGES, subjects.size()));
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(candidate(stated, type, few));
    for (Schedule other : others(stated)) {
      try {
        candidates.add(candidate(other, type, few));
      } catch (InferenceException e) {
        // it does not take such timesteps, so it was not trained with them
      }
    }
    return candidates;
  }

  private Candidate candidate(
      Schedule schedule, PredictionType type, List<PredictionFit.Subject> few) {
    return new Candidate(
        schedule.words(),
        fits(few, SEARCH_SIGNALS, schedule).stream().map(fit -> fit.get(type)).toList());
  }

  private List<Schedule> others(Schedule stated) {
    NoiseScheduleConfig config = denoiser.scheduler().schedule();
    int count = config.trainTimesteps();
    List<Schedule> others = new ArrayList<>();
    if (config.kind() != BetaSchedule.EXPLICIT) {
      for (int timesteps : TIMESTEPS) {
        add(
            others,
            "--train-timesteps " + timesteps,
            new NoiseScheduleConfig(
                config.kind(), timesteps, config.betaStart(), config.betaEnd(), List.of()));
      }
    }
    add(others, "--schedule linear", NoiseScheduleConfig.linear(count, 1e-4, 0.02));
    add(
        others,
        "--schedule scaled_linear --beta-start 0.00085 --beta-end 0.012",
        NoiseScheduleConfig.scaledLinear(count, 0.00085, 0.012));
    add(others, "--schedule squaredcos_cap_v2", NoiseScheduleConfig.squaredCosine(count));
    if (!TensorType.of(denoiser.spec().signature().timestep().type()).isInteger()) {
      others.add(new Schedule(UNIT_TIMESTEPS, stated.table(), 1.0 / count));
    }
    return others;
  }

  private void add(List<Schedule> schedules, String words, NoiseScheduleConfig config) {
    if (!config.equals(denoiser.scheduler().schedule())) {
      NoiseSchedule table = config.create();
      schedules.add(
          new Schedule(
              words,
              denoiser.scheduler().zeroTerminalSnr() ? table.withZeroTerminalSnr() : table,
              1));
    }
  }

  private List<Map<PredictionType, Double>> fits(
      List<PredictionFit.Subject> images, List<Double> signals, Schedule schedule) {
    PredictionFit fit =
        new PredictionFit(session, denoiser.spec(), denoiser.shape(), images);
    return signals.stream()
        .map(signal -> fit.at(schedule.table(), signal, schedule.timestepUnit()))
        .toList();
  }

  private static Map<PredictionType, Double> mean(List<Map<PredictionType, Double>> levels) {
    Map<PredictionType, Double> means = new EnumMap<>(PredictionType.class);
    for (PredictionType type : PredictionType.values()) {
      means.put(
          type, levels.stream().mapToDouble(level -> level.get(type)).average().orElseThrow());
    }
    return means;
  }
}

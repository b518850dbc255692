package io.github.cpsample.diffusers;

import io.github.cpsample.base.Checks;
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

  private static final String STATED = "the stated schedule";
  private static final List<Double> SIGNALS = List.of(0.8, 0.5, 0.2, 0.05);

  /** Where schedules differ most: noise that the denoiser can see well, if it is told how much. */
  private static final List<Double> SEARCH_SIGNALS = List.of(0.5, 0.05);

  private static final int SEARCH_IMAGES = 2;
  private static final List<Integer> TIMESTEPS = List.of(100, 250, 500, 1000, 2000, 4000);
  private static final double LEAST = 0.3;
  private static final double MARGIN = 0.05;
  private static final double ERROR_RATIO = 1.25;

  /** A denoiser asked at other timesteps may look a little like one of another type. */
  private static final double BOTH_ERROR_RATIO = 2;

  private static final double NEGLIGIBLE_ERROR = 1e-3;

  private final ThirdPartyDenoiser denoiser;
  private final List<PredictionFit.Subject> subjects;
  private final InferenceSession session;

  private SettingsTrial(
      ThirdPartyDenoiser denoiser, List<PredictionFit.Subject> subjects, InferenceSession session) {
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
            SessionSettings.defaults().quietly())) {
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
    Schedule stated = new Schedule(STATED, denoiser.scheduler().createSchedule(), 1);
    Map<PredictionType, Double> types = mean(fits(subjects, stated.reached(SIGNALS), stated));
    List<Candidate> candidates = candidates(stated);
    Optional<Choice> likely = likely(said, types, candidates);
    PredictionType shown = likely.map(Choice::type).orElse(said);
    return new Outcome(
        subjects.size(),
        new Tried(words(said), Checks.entry(types, said)),
        types.entrySet().stream()
            .map(type -> new Tried(words(type.getKey()), type.getValue()))
            .toList(),
        candidates.stream()
            .map(candidate -> new Tried(candidate.words(), candidate.correlation(shown)))
            .toList(),
        likely.map(choice -> choice.words(said)));
  }

  /** A prediction type with a schedule. */
  private record Choice(PredictionType type, Candidate schedule, double errorRatio) {
    /** What differs from the stated settings. */
    String words(PredictionType said) {
      List<String> words = new ArrayList<>();
      if (type != said) {
        words.add(SettingsTrial.words(type));
      }
      if (!schedule.words().equals(STATED)) {
        words.add(schedule.words());
      }
      return String.join(" ", words);
    }
  }

  /** The settings that fit best, of those that fit clearly better than the stated ones. */
  private static Optional<Choice> likely(
      PredictionType said, Map<PredictionType, Double> types, List<Candidate> candidates) {
    Candidate stated = candidates.get(0);
    List<Choice> better = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
      for (PredictionType type : PredictionType.values()) {
        double ratio = stated.errorRatio(said, candidate, type);
        boolean clear =
            i == 0
                ? Checks.entry(types, type) > Checks.entry(types, said) + MARGIN
                : stated.errorRatio(type, candidate, type) >= ERROR_RATIO
                    && ratio >= (type == said ? ERROR_RATIO : BOTH_ERROR_RATIO);
        if (clear && candidate.correlation(type) >= LEAST) {
          better.add(new Choice(type, candidate, ratio));
        }
      }
    }
    return better.stream().max(Comparator.comparingDouble(Choice::errorRatio));
  }

  private static String words(PredictionType type) {
    return "--prediction-type " + type.jsonName();
  }

  /** A schedule, and what the denoiser is given for timestep 1 of it. */
  private record Schedule(String words, NoiseSchedule table, double timestepUnit) {
    /** The levels that it has; all of them for one that has none, which is asked at its nearest. */
    List<Double> reached(List<Double> signals) {
      List<Double> reached =
          signals.stream().filter(signal -> PredictionFit.reaches(table, signal)).toList();
      return reached.isEmpty() ? signals : reached;
    }
  }

  /** How well a schedule fits, at the same levels of noise as the others. */
  private record Candidate(String words, List<Map<PredictionType, Double>> levels) {
    double correlation(PredictionType type) {
      return Checks.entry(mean(levels), type);
    }

    /** How many times another one's errors these are, as a geometric mean over the levels. */
    double errorRatio(PredictionType type, Candidate other, PredictionType otherType) {
      double logarithm = 0;
      for (int i = 0; i < levels.size(); i++) {
        logarithm +=
            Math.log(error(levels.get(i), type)) - Math.log(error(other.levels.get(i), otherType));
      }
      return Math.exp(logarithm / levels.size());
    }

    private static double error(Map<PredictionType, Double> level, PredictionType type) {
      return Math.max(1 - Checks.entry(level, type), NEGLIGIBLE_ERROR);
    }
  }

  /** The stated schedule first, then those with the same levels at which the denoiser runs. */
  private List<Candidate> candidates(Schedule stated) {
    List<PredictionFit.Subject> few = subjects.subList(0, Math.min(SEARCH_IMAGES, subjects.size()));
    List<Double> levels = stated.reached(SEARCH_SIGNALS);
    List<Candidate> candidates = new ArrayList<>();
    candidates.add(new Candidate(stated.words(), fits(few, levels, stated)));
    for (Schedule other : others(stated)) {
      if (levels.stream().allMatch(level -> PredictionFit.reaches(other.table(), level))) {
        try {
          candidates.add(new Candidate(other.words(), fits(few, levels, other)));
        } catch (InferenceException e) {
          // it does not take such timesteps, so it was not trained with them
        }
      }
    }
    return candidates;
  }

  private List<Schedule> others(Schedule stated) {
    NoiseScheduleConfig config = denoiser.scheduler().schedule();
    int count = config.trainTimesteps();
    List<Schedule> others = new ArrayList<>();
    if (config.kind() != NoiseScheduleConfig.BetaSchedule.EXPLICIT) {
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
    PredictionFit fit = new PredictionFit(session, denoiser.spec(), denoiser.shape(), images);
    return signals.stream()
        .map(signal -> fit.at(schedule.table(), signal, schedule.timestepUnit()))
        .toList();
  }

  private static Map<PredictionType, Double> mean(List<Map<PredictionType, Double>> levels) {
    Map<PredictionType, Double> means = new EnumMap<>(PredictionType.class);
    for (PredictionType type : PredictionType.values()) {
      means.put(
          type,
          levels.stream().mapToDouble(level -> Checks.entry(level, type)).average().orElseThrow());
    }
    return means;
  }
}

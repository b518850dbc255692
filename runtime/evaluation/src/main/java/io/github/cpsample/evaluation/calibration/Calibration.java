package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.bundle.CalibrationEvidence;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the setting that protects as asked and costs least. Settings are compared by successive
 * halving on tuning seeds and one half of the held-out images; the best is confirmed on fresh seeds
 * and the other half. Where the confirmation fails, the next best is tried on a block of seeds of
 * its own, but for settings that are no stronger than one that let too many replicas through.
 * Belongs to one thread.
 */
public final class Calibration {

  private final BatchSampler sampler;
  private final HeldOutHalves halves;
  private final CalibrationPlan plan;
  private final CalibrationProgress progress;

  /**
   * A confirmation.
   *
   * @param candidate the setting
   * @param measured what it did; empty if it was ended early
   * @param failure which bound it did not meet; empty if it met all
   */
  public record Attempt(
      Candidate candidate,
      Optional<CalibrationEvidence.Confirmation> measured,
      Optional<String> failure) {}

  /**
   * What a calibration came to.
   *
   * @param chosen the confirmed setting; empty if none met the bounds
   * @param attempts all confirmations, in order
   * @param curve all settings, as they did on the tuning images
   * @param unprotected what unprotected images were on the tuning images
   * @param nearest where none was chosen: what came nearest, and which bound it failed
   */
  public record Outcome(
      Optional<Attempt> chosen,
      List<Attempt> attempts,
      List<CalibrationEvidence.Point> curve,
      Unprotected unprotected,
      Optional<String> nearest) {

    public Outcome {
      attempts = List.copyOf(attempts);
      curve = List.copyOf(curve);
    }
  }

  /**
   * Unprotected images of the tuning seeds.
   *
   * @param images how many
   * @param replicas how many of them were replicas
   * @param frechetDistance to the held-out images; null without an embedder
   * @param heldOutDistance mean root mean squared difference to the nearest held-out image
   */
  public record Unprotected(
      int images, int replicas, @Nullable Double frechetDistance, double heldOutDistance) {}

  /**
   * Prepares a calibration.
   *
   * @param sampler samples and measures; not owned
   * @param halves of the held-out images that the sampler compares with
   * @param plan what is asked for
   * @param progress is told how it goes
   */
  public Calibration(
      BatchSampler sampler,
      HeldOutHalves halves,
      CalibrationPlan plan,
      CalibrationProgress progress) {
    this.sampler = sampler;
    this.halves = halves;
    this.plan = plan;
    this.progress = progress;
  }

  /**
   * Runs it.
   *
   * @param candidates at least one, all different; the first is never set aside
   * @return what it came to
   * @throws IOException if results cannot be kept
   * @throws InterruptedException if the thread was interrupted
   */
  public Outcome run(List<Candidate> candidates) throws IOException, InterruptedException {
    SuccessiveHalving halving =
        new SuccessiveHalving(sampler, halves.reference(Part.TUNING), plan, candidates, progress);
    halving.run();
    List<Attempt> attempts = new ArrayList<>();
    Optional<Attempt> chosen = confirm(halving.choices(), attempts);
    return new Outcome(
        chosen,
        attempts,
        halving.curve(),
        halving.unprotected(),
        chosen.isPresent() ? Optional.empty() : Optional.of(nearest(halving, attempts)));
  }

  private Optional<Attempt> confirm(List<Trial> choices, List<Attempt> attempts)
      throws IOException, InterruptedException {
    Confirmation confirmation =
        new Confirmation(
            sampler,
            halves.reference(Part.CONFIRMATION),
            halves.size(Part.CONFIRMATION),
            plan,
            progress);
    boolean canBeShown = plan.leastLimit() <= plan.bounds().maxReplicas();
    for (Trial trial : choices) {
      if (attempts.size() < plan.tries() && !isHopeless(trial.candidate(), attempts)) {
        Confirmation.Try tried = confirmation.of(trial.candidate(), attempts.size() + 1);
        Attempt attempt = new Attempt(trial.candidate(), tried.measured(), tried.failure());
        attempts.add(attempt);
        if (attempt.failure().isEmpty() && (isShown(attempt) || !canBeShown)) {
          return Optional.of(attempt);
        }
      }
    }
    return attempts.stream()
        .filter(attempt -> attempt.failure().isEmpty())
        .min(Comparator.comparingDouble(it -> it.measured().orElseThrow().replicasAtMost()));
  }

  private static boolean isShown(Attempt attempt) {
    return attempt.measured().map(CalibrationEvidence.Confirmation::shown).orElse(false);
  }

  /** Whether a setting is no stronger than one that let too many replicas through. */
  private static boolean isHopeless(Candidate candidate, List<Attempt> attempts) {
    return attempts.stream()
        .filter(attempt -> attempt.failure().filter(it -> it.startsWith("replicas")).isPresent())
        .anyMatch(attempt -> candidate.isNoStrongerThan(attempt.candidate()));
  }

  private String nearest(SuccessiveHalving halving, List<Attempt> attempts) {
    if (!attempts.isEmpty()) {
      Attempt last = attempts.get(attempts.size() - 1);
      return last.candidate().text()
          + " (of "
          + attempts.size()
          + " that were confirmed, none met the bounds; "
          + last.failure().orElseThrow()
          + ")";
    }
    Trial trial = halving.nearest();
    return trial.candidate().text()
        + " ("
        + trial.failed(plan.bounds()).orElse("given up early")
        + ")";
  }
}

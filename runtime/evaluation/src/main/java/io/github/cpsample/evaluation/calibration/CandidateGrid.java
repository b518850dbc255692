package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.protection.Correction;
import io.github.cpsample.protection.Force;
import io.github.cpsample.protection.Gate;
import io.github.cpsample.protection.ProtectionSettings;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * All combinations of some values. What they leave open is as in the present setting: what the
 * classifier is asked about, and for corrections that push nothing the strength of the push.
 *
 * @param bits numbers of bits for which there is a classifier
 * @param alphas thresholds of the gate; none for the present setting's threshold
 * @param scales strengths of the push
 * @param ranges guarded timesteps
 * @param forces names of forces
 * @param gates names of gates; one that a number of bits does not allow is left out for it
 * @param corrections what is done with guarded images; none for the present setting's
 */
public record CandidateGrid(
    List<Integer> bits,
    List<Double> alphas,
    List<Double> scales,
    List<Range> ranges,
    List<String> forces,
    List<String> gates,
    List<Correction> corrections) {

  /** The number of steps that the scales of the named grids are meant for. */
  private static final int USUAL_STEPS = 50;

  /**
   * Guarded timesteps.
   *
   * @param first the smallest
   * @param last the largest
   */
  public record Range(int first, int last) {}

  /** Which values are tried. */
  public enum Size {
    /** 9 combinations. */
    SMALL,
    /** 40 combinations. */
    USUAL,
    /** 168 combinations. */
    LARGE;

    private List<Double> alphas() {
      return switch (this) {
        case SMALL -> List.of(.02, .05, .1);
        case USUAL -> List.of(.01, .02, .05, .07, .1);
        case LARGE -> List.of(.005, .01, .02, .05, .07, .1, .15);
      };
    }

    private List<Integer> scales() {
      return switch (this) {
        case SMALL -> List.of(60, 120, 240);
        case USUAL -> List.of(40, 80, 120, 200);
        case LARGE -> List.of(20, 40, 60, 80, 120, 160, 200, 300);
      };
    }

    /** The last guarded timestep as a share of the schedule. */
    private List<Double> lastShares() {
      return switch (this) {
        case SMALL -> List.of(.5);
        case USUAL -> List.of(.3, .5);
        case LARGE -> List.of(.3, .5, 1.0);
      };
    }
  }

  public CandidateGrid {
    bits = List.copyOf(bits);
    alphas = List.copyOf(alphas);
    scales = List.copyOf(scales);
    ranges = List.copyOf(ranges);
    forces = List.copyOf(forces);
    gates = List.copyOf(gates);
    corrections = List.copyOf(corrections);
  }

  /**
   * A documented grid: alphas as they are; scales that grow with the number of steps, since more
   * and smaller steps push less each; ranges from 0 to a share of the noise schedule.
   *
   * @param size how fine
   * @param bits numbers of bits
   * @param steps of the sampler
   * @param trainTimesteps of the noise schedule
   * @return the grid, for the force {@code opposite-label}, the gate {@code code} and the present
   *     correction
   */
  public static CandidateGrid of(Size size, List<Integer> bits, int steps, int trainTimesteps) {
    return new CandidateGrid(
        bits,
        size.alphas(),
        size.scales().stream().map(scale -> (double) scale * steps / USUAL_STEPS).toList(),
        size.lastShares().stream()
            .map(share -> new Range(0, last(share, trainTimesteps)))
            .distinct()
            .toList(),
        List.of("opposite-label"),
        List.of("code"),
        List.of());
  }

  private static int last(double share, int trainTimesteps) {
    return Math.min(trainTimesteps - 1, (int) Math.round(share * trainTimesteps));
  }

  /**
   * The combinations.
   *
   * @param present the model's present setting, which is tried in any case
   * @return all, each once, the present one first
   */
  public List<Candidate> candidates(Candidate present) {
    Set<Candidate> all = new LinkedHashSet<>();
    if (bits.contains(present.bits())) {
      all.add(present);
    }
    for (int k : bits) {
      for (String gate : gates) {
        if (gate.equals("code") || k == 1) {
          for (String force : forces) {
            ProtectionSettings settings =
                present.settings().withGate(Gate.named(gate)).withForce(Force.named(force));
            add(all, k, settings);
          }
        }
      }
    }
    return new ArrayList<>(all);
  }

  private void add(Set<Candidate> all, int k, ProtectionSettings present) {
    List<Correction> ways = corrections.isEmpty() ? List.of(present.correction()) : corrections;
    for (Correction way : ways) {
      boolean pushes = way.kind().move() == Correction.Move.PUSH;
      for (double scale : pushes ? scales : List.of(present.scale())) {
        ProtectionSettings settings = present.withCorrection(way).withScale(scale);
        for (Range range : ranges) {
          ProtectionSettings ranged = settings.withTimesteps(range.first(), range.last());
          thresholds(ranged).forEach(it -> all.add(new Candidate(k, it)));
        }
      }
    }
  }

  private List<ProtectionSettings> thresholds(ProtectionSettings settings) {
    return alphas.isEmpty() ? List.of(settings) : alphas.stream().map(settings::withAlpha).toList();
  }
}

package io.github.cpsample.diffusers;

import io.github.cpsample.bundle.DenoiserSignature;
import io.github.cpsample.bundle.TensorPort;
import io.github.cpsample.inference.TensorType;
import io.github.cpsample.onnx.Dim;
import io.github.cpsample.onnx.ModelHeader;
import io.github.cpsample.onnx.Shape;
import io.github.cpsample.onnx.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells from a graph's inputs and outputs which of them are a denoiser's images, timestep, labels
 * and prediction: by rank and element type, and among several candidates by the names that exports
 * usually give them. Never guesses: what stays ambiguous is asked for.
 */
final class SignatureDetector {
  private static final int IMAGE_RANK = 4;
  private static final Set<String> TIMESTEPS =
      Set.of("timestep", "timesteps", "t", "time", "time_step");
  private static final Set<String> LABELS =
      Set.of("class_labels", "class_label", "labels", "label", "y");
  private static final Set<String> OUTPUTS =
      Set.of("out_sample", "sample", "prediction", "noise_pred", "output");

  private final String source;
  private final DenoiserOptions.TensorNames names;
  private final List<TensorPort> rest = new ArrayList<>();

  private SignatureDetector(String source, DenoiserOptions.TensorNames names) {
    this.source = source;
    this.names = names;
  }

  /**
   * Detects a denoiser's signature. A size that the graph leaves open is free in it.
   *
   * @param source what to call the model in errors
   * @param header its inputs and outputs
   * @param names those that are known already
   * @param roundsTimesteps whether an integer timestep stands for fractional ones
   * @return the signature
   * @throws IllegalArgumentException if something cannot be told, naming what to say
   */
  public static DenoiserSignature detect(
      String source,
      ModelHeader header,
      DenoiserOptions.TensorNames names,
      boolean roundsTimesteps) {
    return new SignatureDetector(source, names).detect(header, roundsTimesteps);
  }

  private DenoiserSignature detect(ModelHeader header, boolean roundsTimesteps) {
    header.inputs().forEach(value -> rest.add(port(value)));
    TensorPort input =
        take(
            "an image input of 4 axes and a floating point type",
            DenoiserOptions.TensorNames.INPUT,
            names.input(),
            port -> port.rank() == IMAGE_RANK && port.type().isFloatingPoint(),
            Set.of());
    TensorPort timestep =
        take(
            "a timestep input: a number, [1], [N] or [N,1]",
            DenoiserOptions.TensorNames.TIMESTEP,
            names.timestep(),
            SignatureDetector::maybeTimestep,
            TIMESTEPS);
    Optional<TensorPort> label = label();
    TensorPort output = output(header, input);
    return new DenoiserSignature(input, timestep, output, label, rest, roundsTimesteps);
  }

  private static boolean maybeTimestep(TensorPort port) {
    boolean column = port.rank() == 2 && port.sizes().get(1) == 1;
    return TensorType.of(port.type()) != TensorType.OTHER && (port.rank() < 2 || column);
  }

  private Optional<TensorPort> label() {
    Predicate<TensorPort> fits =
        port ->
            TensorType.of(port.type()).isInteger()
                && (port.rank() == 1 || (port.rank() == 2 && port.sizes().get(1) == 1));
    boolean any = names.label().isPresent() || rest.stream().anyMatch(fits);
    return any
        ? Optional.of(
            take(
                "an input for class labels [N]",
                DenoiserOptions.TensorNames.LABEL,
                names.label(),
                fits,
                LABELS))
        : Optional.empty();
  }

  private TensorPort output(ModelHeader header, TensorPort input) {
    List<TensorPort> candidates = new ArrayList<>();
    for (ValueInfo value : header.outputs()) {
      if (value.shape().isEmpty() && value.type().isFloatingPoint()) {
        long free = TensorPort.FREE;
        candidates.add(
            TensorPort.of(value.name(), value.type(), input.sizes().get(0), free, free, free));
      } else {
        candidates.add(port(value));
      }
    }
    return choose(
        "a prediction of 4 axes and a floating point type",
        DenoiserOptions.TensorNames.OUTPUT,
        names.output(),
        port -> port.rank() == IMAGE_RANK && port.type().isFloatingPoint(),
        OUTPUTS,
        candidates);
  }

  private TensorPort take(
      String what,
      String option,
      Optional<String> name,
      Predicate<TensorPort> fits,
      Set<String> usual) {
    TensorPort found = choose(what, option, name, fits, usual, rest);
    rest.remove(found);
    return found;
  }

  private TensorPort choose(
      String what,
      String option,
      Optional<String> name,
      Predicate<TensorPort> fits,
      Set<String> usual,
      List<TensorPort> among) {
    List<TensorPort> candidates =
        among.stream()
            .filter(port -> name.isEmpty() || port.name().equals(name.get()))
            .filter(fits)
            .toList();
    if (candidates.size() > 1) {
      List<TensorPort> known =
          candidates.stream().filter(port -> usual.contains(port.name())).toList();
      candidates = known.size() == 1 ? known : candidates;
    }
    if (candidates.size() != 1) {
      String wanted = name.map(given -> " called " + given).orElse("");
      throw new IllegalArgumentException(
          source
              + ": expected "
              + what
              + wanted
              + ", found "
              + (candidates.isEmpty()
                  ? "none among " + list(among)
                  : "several: " + list(candidates))
              + (candidates.isEmpty() && name.isEmpty() ? "" : "; say which with --" + option));
    }
    return candidates.get(0);
  }

  private static List<String> list(List<TensorPort> ports) {
    return ports.stream().map(port -> port.name() + " " + port.describe()).toList();
  }

  private TensorPort port(ValueInfo value) {
    Shape shape =
        value
            .shape()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        source
                            + ", tensor "
                            + value.name()
                            + ": expected a declared number of axes, found none; export the model"
                            + " with shapes"));
    return new TensorPort(
        value.name(), value.type(), shape.dims().stream().map(SignatureDetector::size).toList());
  }

  private static long size(Dim dim) {
    return dim.isFixed() ? dim.size() : TensorPort.FREE;
  }
}

package io.github.cpsample.inference;

import io.github.cpsample.base.Checks;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where networks are asked to run. {@link ResolvedDevice} finds out whether they can.
 *
 * @param kind the kind of device
 * @param index number of the CUDA device; 0 for the other kinds
 */
public record Device(Kind kind, int index) {
  /** Kinds of device. */
  public enum Kind {
    /** The processor. */
    CPU,
    /** An NVIDIA card. */
    CUDA,
    /** CUDA device 0 if it works, else the processor. */
    AUTO
  }

  private static final Pattern CUDA_NUMBER = Pattern.compile("cuda:(\\d{1,4})");

  public Device {
    Objects.requireNonNull(kind, "kind");
    Checks.argument(
        index >= 0 && (kind == Kind.CUDA || index == 0),
        "device " + kind,
        "number 0 or a CUDA number",
        index);
  }

  /**
   * The processor.
   *
   * @return the device
   */
  public static Device cpu() {
    return new Device(Kind.CPU, 0);
  }

  /**
   * An NVIDIA card.
   *
   * @param index its number, from 0
   * @return the device
   */
  public static Device cuda(int index) {
    return new Device(Kind.CUDA, index);
  }

  /**
   * CUDA device 0 if it works, else the processor.
   *
   * @return the device
   */
  public static Device auto() {
    return new Device(Kind.AUTO, 0);
  }

  /**
   * Reads a device's name.
   *
   * @param text {@code cpu}, {@code cuda}, {@code cuda:N} or {@code auto}
   * @return the device
   * @throws IllegalArgumentException if it is none of these
   */
  public static Device parse(String text) {
    Matcher cuda = CUDA_NUMBER.matcher(text);
    if (cuda.matches()) {
      return cuda(Integer.parseInt(cuda.group(1)));
    }
    return switch (text) {
      case "cpu" -> cpu();
      case "cuda" -> cuda(0);
      case "auto" -> auto();
      default ->
          throw new IllegalArgumentException(
              "device: expected cpu, cuda, cuda:N or auto, found '" + text + "'");
    };
  }

  /** The device's name, as {@link #parse} reads it. */
  @Override
  public String toString() {
    return switch (kind) {
      case CPU -> "cpu";
      case CUDA -> "cuda:" + index;
      case AUTO -> "auto";
    };
  }
}

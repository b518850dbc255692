package io.github.cpsample.trainer.network;

import org.jspecify.annotations.Nullable;

/**
 * A network of noised images, written over {@link Ops}.
 *
 * <p>Implementations are immutable and thread-safe: they hold a configuration and no weights.
 */
public interface Network {

  /**
   * Applies the network.
   *
   * @param ops what applying means
   * @param inputs the network's inputs
   * @param <T> the tensor of the interpretation
   * @return the network's only output
   */
  <T> T apply(Ops<T> ops, Inputs<T> inputs);

  /**
   * The shape of one input image.
   *
   * @return channels, height, width
   */
  int[] imageShape();

  /**
   * The number of class labels the network is conditioned on.
   *
   * @return the number of classes, 0 for an unconditional network
   */
  int classes();

  /**
   * Whether the network reads the timestep.
   *
   * @return false for a network of clean images
   */
  default boolean timed() {
    return true;
  }

  /**
   * What a network is given.
   *
   * @param x noised images [N,C,H,W], about [-1,1] plus noise
   * @param t timesteps [N], in [0,T), integers or fractions; null where the network takes none
   * @param label class labels [N], integers in [0,classes); null where the network has no classes
   * @param <T> the tensor of the interpretation
   */
  record Inputs<T>(T x, @Nullable T t, @Nullable T label) {}
}

package io.github.cpsample.evaluation.calibration;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Bundles of one denoiser with different classifiers, by the number of bits, and a sampler of each.
 * Training such classifiers is for somebody else: they come as folders. Holds native memory; close
 * it. Belongs to one thread.
 */
public final class ClassifierVariants implements AutoCloseable {

  private final Device device;
  private final List<ModelBundle> owned = new ArrayList<>();
  private final Map<Integer, ModelBundle> bundles = new TreeMap<>();
  private final Map<Integer, ProtectedSampler> samplers = new TreeMap<>();

  private ClassifierVariants(Device device) {
    this.device = device;
  }

  /**
   * Opens a model, and the bundles of newly trained classifiers in the place of its own where they
   * have as many bits.
   *
   * @param model the model; not owned
   * @param trained folders of bundles by number of bits; possibly none
   * @param device where the networks run
   * @return the variants, open; the caller closes them before the model
   * @throws RuntimeException if a bundle cannot be opened
   */
  public static ClassifierVariants open(
      ModelBundle model, Map<Integer, Path> trained, Device device) {
    ClassifierVariants variants = new ClassifierVariants(device);
    try {
      if (!trained.containsKey(model.manifest().classifier().bits())) {
        variants.add(model);
      }
      for (Path folder : trained.values()) {
        ModelBundle bundle = ModelBundle.open(folder);
        variants.owned.add(bundle);
        variants.add(bundle);
      }
      return variants;
    } catch (RuntimeException e) {
      variants.close();
      throw e;
    }
  }

  private void add(ModelBundle bundle) {
    ProtectedSampler sampler = ProtectedSampler.open(bundle, device);
    bundles.put(bundle.manifest().classifier().bits(), bundle);
    samplers.put(bundle.manifest().classifier().bits(), sampler);
  }

  /**
   * One of them.
   *
   * @param bits one of {@link #bits}
   * @return the bundle; owned by this, or by whoever gave the model
   */
  public ModelBundle bundle(int bits) {
    return Checks.entry(bundles, bits);
  }

  /**
   * Which there are.
   *
   * @return numbers of bits, ascending
   */
  public List<Integer> bits() {
    return List.copyOf(bundles.keySet());
  }

  Map<Integer, ProtectedSampler> samplers() {
    return Collections.unmodifiableMap(samplers);
  }

  @Override
  public void close() {
    samplers.values().forEach(ProtectedSampler::close);
    owned.forEach(ModelBundle::close);
  }
}

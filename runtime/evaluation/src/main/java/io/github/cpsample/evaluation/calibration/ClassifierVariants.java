package io.github.cpsample.tools.commands;

import io.github.cpsample.bundle.ModelBundle;
import io.github.cpsample.inference.Device;
import io.github.cpsample.sampling.ProtectedSampler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Bundles of one denoiser with different classifiers, by the number of bits; open. */
final class Contenders implements AutoCloseable {

  private final Device device;
  private final List<ModelBundle> owned = new ArrayList<>();
  private final Map<Integer, ModelBundle> bundles = new TreeMap<>();
  private final Map<Integer, ProtectedSampler> samplers = new TreeMap<>();

  private Contenders(Device device) {
    this.device = device;
  }

  /**
   * Opens a model, and the bundles of newly trained classifiers in the place of its own where they
   * have as many bits.
   *
   * @param model the model; not owned
   * @param trained folders by number of bits
   */
  static Contenders open(ModelBundle model, Map<Integer, Path> trained, Device device) {
    Contenders contenders = new Contenders(device);
    try {
      if (!trained.containsKey(model.manifest().classifier().bits())) {
        contenders.add(model);
      }
      for (Path folder : trained.values()) {
        ModelBundle bundle = ModelBundle.open(folder);
        contenders.owned.add(bundle);
        contenders.add(bundle);
      }
      return contenders;
    } catch (RuntimeException e) {
      contenders.close();
      throw e;
    }
  }

  private void add(ModelBundle bundle) {
    ProtectedSampler sampler = ProtectedSampler.open(bundle, device);
    bundles.put(bundle.manifest().classifier().bits(), bundle);
    samplers.put(bundle.manifest().classifier().bits(), sampler);
  }

  ModelBundle bundle(int bits) {
    return bundles.get(bits);
  }

  List<Integer> bits() {
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

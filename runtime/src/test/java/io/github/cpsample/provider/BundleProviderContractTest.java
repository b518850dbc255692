package io.github.cpsample.provider;

import io.github.cpsample.plugin.contract.ProviderContract;
import io.github.cpsample.sampling.TinyModel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The project's own provider keeps what every provider promises. */
class BundleProviderContractTest extends ProviderContract {

  @TempDir Path folder;

  @BeforeEach
  void write() {
    new TinyModel(8, 4).bundle(0).toDirectory(model());
  }

  @Override
  protected String name() {
    return "cpsample";
  }

  @Override
  protected Path model() {
    return folder.resolve("bundle");
  }
}

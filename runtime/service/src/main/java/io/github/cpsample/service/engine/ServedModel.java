package io.github.cpsample.service.engine;

import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.sampling.SampleRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * A model under the name that requests call it by. It can be loaded anew while requests are under
 * way: those end with the networks that they began with. Thread-safe.
 */
public final class ServedModel {
  /** How long a call of the denoiser may still take when everything is to end. */
  private static final Duration LAST_CALL = Duration.ofSeconds(10);

  private final String name;
  private final SamplerOpener opener;
  private final EngineSettings settings;
  private final EngineMeters meters;
  private final Object loading = new Object();
  private volatile ModelEngine engine;

  /**
   * Opens a model and starts its thread.
   *
   * @param name what requests call it
   * @param opener opens its networks
   * @param settings how its images are computed together
   * @param meters what it is measured by
   * @throws IOException if the model cannot be read
   */
  public ServedModel(
      String name, SamplerOpener opener, EngineSettings settings, EngineMeters meters)
      throws IOException {
    this.name = name;
    this.opener = opener;
    this.settings = settings;
    this.meters = meters;
    this.engine = new ModelEngine(name, opener.open(), settings, meters);
  }

  /**
   * What requests call it.
   *
   * @return a name
   */
  public String name() {
    return name;
  }

  /**
   * The model as it is loaded now.
   *
   * @return its manifest
   */
  public Manifest manifest() {
    return engine.manifest();
  }

  /**
   * Accepts a request, which joins the running batch at the next call of the denoiser.
   *
   * @param request what to sample
   * @param limit how long it may take
   * @param abandoned asked before every call whether nobody waits for the images any more
   * @return the work
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws BusyException if too many images wait
   * @throws StoppedException if the service stops
   */
  public Work submit(SampleRequest request, Duration limit, BooleanSupplier abandoned) {
    ModelEngine current = engine;
    try {
      return current.submit(request, limit, abandoned);
    } catch (StoppedException e) {
      if (current == engine) {
        throw e;
      }
      return submit(request, limit, abandoned);
    }
  }

  /**
   * Loads the model anew. New requests get the new networks; the old ones are closed once the
   * requests under way are done.
   *
   * @throws IOException if the model cannot be read: the old one then stays
   */
  public void reload() throws IOException {
    synchronized (loading) {
      ModelEngine old = engine;
      engine = new ModelEngine(name, opener.open(), settings, meters);
      old.drain();
    }
  }

  /**
   * How many images are waiting or under way.
   *
   * @return at least 0
   */
  public int accepted() {
    return meters.accepted().get();
  }

  /** Takes no more requests. */
  public void drain() {
    engine.drain();
  }

  /**
   * Waits until the requests under way are done, ends those that are left after a while, and frees
   * the networks.
   *
   * @param grace how long they may take
   * @throws InterruptedException if the thread is interrupted; the work is then left to end by
   *     itself
   */
  public void stop(Duration grace) throws InterruptedException {
    ModelEngine last = engine;
    last.drain();
    if (!last.await(grace)) {
      last.abandon();
      last.await(LAST_CALL);
    }
  }
}

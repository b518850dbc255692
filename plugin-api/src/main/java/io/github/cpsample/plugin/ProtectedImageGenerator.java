package io.github.cpsample.plugin;

/**
 * An open model. Thread-safe: several threads may generate at the same time and share the model's
 * memory. Holds native memory until it is closed; images that were generated stay valid afterwards.
 */
public interface ProtectedImageGenerator extends AutoCloseable {
  /**
   * The model behind this generator.
   *
   * @return its description
   */
  ModelDescription model();

  /**
   * Generates images in the calling thread. The same request gives the same images on the same
   * machine and device; image {@code i} depends on {@code seed + i} alone, not on the count or the
   * batch size.
   *
   * @param request what to generate
   * @param listener is told about every step and may cancel; {@link GenerationListener#none()} for
   *     neither
   * @return {@code request.count()} images in the order of their seeds, with their reports
   * @throws ProtectedImageException with {@code INVALID_REQUEST}, {@code CANCELLED}, {@code CLOSED}
   *     or {@code FAILED}
   */
  GenerationResult generate(GenerationRequest request, GenerationListener listener);

  /**
   * Releases the model's memory, after waiting for calls of the network that are under way. Closing
   * twice does nothing.
   *
   * @throws ProtectedImageException with {@code FAILED} if something could not be released
   */
  @Override
  void close();
}

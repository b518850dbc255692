package io.github.cpsample.diffusion;

/**
 * The arrays that a sampler step works on, one row per sample. The arrays are shared, not copied,
 * and reused from step to step.
 *
 * @param size elements of one sample, C*H*W
 * @param x x_t, [N,size]; a step overwrites it
 * @param prediction the denoiser's output, [N,size], not modified
 * @param guidance g = s grad log p, [N,size], not modified; read only for rows that are guided
 * @param noise standard normal numbers, [N,size], not modified; read only by steps that draw noise
 */
@SuppressWarnings("ArrayRecordComponent") // the buffers of one trajectory, never compared
public record SampleRows(
    int size, float[] x, float[] prediction, float[] guidance, float[] noise) {}

package io.github.cpsample.trainer.training;

/**
 * A batch of training examples. The arrays are shared, not copied.
 *
 * @param count N
 * @param x noised images [N,C,H,W]
 * @param t timesteps [N]
 * @param labels class labels [N]; empty for an unconditional network
 * @param target [N,...], the shape of the network's output
 */
@SuppressWarnings("ArrayRecordComponent") // a hand-over of one step's buffers, never compared
record Examples(int count, float[] x, float[] t, int[] labels, float[] target) {}

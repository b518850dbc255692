package io.github.cpsample.sampling;

import java.util.List;

/**
 * What the calls of a {@link RunningBatch} came to.
 *
 * @param calls of the denoiser
 * @param rows images that these calls passed through the denoiser, counted once per call
 * @param guardedRows how many of them were guarded
 */
public record BatchCounts(long calls, long rows, long guardedRows) {
  static final BatchCounts NONE = new BatchCounts(0, 0, 0);

  /** With a call for some rows, before these are settled. */
  BatchCounts plus(List<Row> taken) {
    long guarded = taken.stream().filter(row -> row.query().guarded()).count();
    return new BatchCounts(calls + 1, rows + taken.size(), guardedRows + guarded);
  }
}

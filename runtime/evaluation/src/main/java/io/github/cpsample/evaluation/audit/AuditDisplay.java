package io.github.cpsample.evaluation.audit;

import io.github.cpsample.sampling.Progress;

/** Shows how far an audit is. */
@FunctionalInterface
public interface AuditDisplay {

  /**
   * A stage begins.
   *
   * @param what the stage, in a few words
   * @param unit what is counted, in the plural
   * @return its display, which is closed when the stage ends
   */
  Stage begin(String what, String unit);

  /** One stage. */
  interface Stage extends AutoCloseable {

    /**
     * Shows where the stage is. May throw to end the audit, which then goes on from there later.
     *
     * @param done units done
     * @param total units in all, at least {@code done}
     */
    void show(long done, long total);

    @Override
    void close();

    /**
     * The same for what tells its steps.
     *
     * @return is cancelled by an interrupt of the thread
     */
    default Progress progress() {
      return new Progress() {
        @Override
        public void onStep(int stepsDone, int stepsTotal) {
          show(stepsDone, stepsTotal);
        }

        @Override
        public boolean isCancelled() {
          return Thread.currentThread().isInterrupted();
        }
      };
    }
  }
}

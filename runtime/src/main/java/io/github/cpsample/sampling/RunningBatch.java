package io.github.cpsample.sampling;

import io.github.cpsample.base.Checks;
import io.github.cpsample.bundle.Manifest;
import io.github.cpsample.diffusion.NoiseSchedule;
import io.github.cpsample.inference.InferenceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Images of many requests on their way through shared calls of the denoiser. Requests join between
 * two calls and leave when their images are done; each image is the one that it is alone, up to
 * rounding of the last bits by the execution provider.
 *
 * <p>The places of a call are dealt round robin: every request gets one before any gets a second.
 * Where there are fewer places than requests, an image that has a place keeps it to its end; the
 * place then goes to the request that waited longest for one. A request that loses places to others
 * goes on later where it stopped.
 *
 * <p>Belongs to one thread, but for {@link #prepare}.
 *
 * <pre>{@code
 * RunningBatch batch = sampler.batch(16);
 * batch.join(batch.prepare(SampleRequest.of(4).seed(7)));
 * while (!batch.isEmpty()) {
 *   batch.step().forEach(done -> deliver(done.result()));
 * }
 * }</pre>
 */
public final class RunningBatch {
  private final Networks networks;
  private final PipelineParts parts;
  private final Manifest manifest;
  private final NoiseSchedule schedule;
  private final int places;
  private final Optional<ObservedStep.Observer> observer;
  private final ObservedStep seen;
  private final List<RunningRequest> requests = new ArrayList<>();
  private final Map<RowCalls.Kind, RowCalls> calls = new LinkedHashMap<>();
  private long clock;
  private BatchCounts counts = BatchCounts.NONE;

  RunningBatch(
      Networks networks,
      PipelineParts parts,
      Manifest manifest,
      NoiseSchedule schedule,
      int places,
      Optional<ObservedStep.Observer> observer) {
    this.networks = networks;
    this.parts = parts;
    this.manifest = manifest;
    this.schedule = schedule;
    this.places = places;
    this.observer = observer;
    this.seen = new ObservedStep(manifest.denoiser().predictionType());
  }

  /**
   * Checks a request and encodes what it is conditioned on. May be called in any thread.
   *
   * @param request what to sample; its batch size is of no account
   * @return the request, ready to {@link #join}
   * @throws IllegalArgumentException if the model cannot do what is asked
   * @throws IllegalStateException if the sampler is closed
   */
  public RunningRequest prepare(SampleRequest request) {
    SampleSettings settings = SampleSettings.of(manifest, request);
    SizeCheck.require(networks, manifest, settings);
    SampleJob job = new SampleJob(parts, manifest, schedule, settings);
    boolean conditional =
        manifest.denoiser().classes() > 0 || manifest.pipeline().text().isPresent();
    RowCalls.Kind kind =
        new RowCalls.Kind(
            settings.image(),
            conditional ? 2 : 1,
            StepPlan.graph(networks, manifest, job.plan(), settings, observer.isPresent()));
    return new RunningRequest(job, kind, networks);
  }

  /**
   * Lets a request take part from the next call on.
   *
   * @param request of this batch, joined once
   */
  public void join(RunningRequest request) {
    request.takeTurn(clock++);
    requests.add(request);
  }

  /**
   * Takes a request out, whatever its images have come to. Does nothing where it has left.
   *
   * @param request of this batch
   */
  public void leave(RunningRequest request) {
    requests.remove(request);
  }

  /**
   * Whether no request is under way.
   *
   * @return true if {@link #step} has nothing to do
   */
  public boolean isEmpty() {
    return requests.isEmpty();
  }

  /**
   * Takes the images that have places through a step each: one call of the denoiser for those that
   * can share one, which differ in neither size nor, where a step is one graph, its factors.
   *
   * @return the requests that are done and have left: with images, or failed
   */
  public List<RunningRequest> step() {
    Map<RowCalls.Kind, List<RunningRequest>> groups = new LinkedHashMap<>();
    Map<RunningRequest, List<Row>> taken = deal();
    for (RunningRequest request : taken.keySet()) {
      groups.computeIfAbsent(request.kind(), kind -> new ArrayList<>()).add(request);
    }
    groups.forEach((kind, members) -> advance(kind, members, taken));
    calls.keySet().retainAll(groups.keySet());
    List<RunningRequest> done = requests.stream().filter(RunningRequest::isDone).toList();
    requests.removeAll(done);
    return done;
  }

  /**
   * What the calls so far came to.
   *
   * @return sums over all requests
   */
  public BatchCounts counts() {
    return counts;
  }

  /** The rows that take part in the next call, by request. */
  private Map<RunningRequest, List<Row>> deal() {
    Map<RunningRequest, Integer> dealt = new LinkedHashMap<>();
    int free = places;
    for (int round = 0; free > 0; round++) {
      int nth = round;
      List<RunningRequest> wanting =
          requests.stream()
              .filter(request -> request.unfinished() > nth)
              .sorted(
                  Comparator.comparing((RunningRequest request) -> request.places() <= nth)
                      .thenComparing(RunningRequest::turn))
              .limit(free)
              .toList();
      if (wanting.isEmpty()) {
        break;
      }
      wanting.forEach(request -> dealt.merge(request, 1, Integer::sum));
      free -= wanting.size();
    }
    Map<RunningRequest, List<Row>> taken = new LinkedHashMap<>();
    for (RunningRequest request : requests) {
      int count = dealt.getOrDefault(request, 0);
      List<Row> rows = request.take(count);
      if (count > 0) {
        taken.put(request, rows);
      }
    }
    return taken;
  }

  private void advance(
      RowCalls.Kind kind, List<RunningRequest> members, Map<RunningRequest, List<Row>> taken) {
    List<Row> rows =
        members.stream().flatMap(member -> Checks.entry(taken, member).stream()).toList();
    RowCalls shared =
        calls.computeIfAbsent(kind, it -> new RowCalls(networks, manifest, it, places));
    rows.forEach(Row::prepare);
    observer.ifPresent(it -> seen.begin(rows));
    if (!advance(() -> shared.advance(rows), rows, members)) {
      return;
    }
    observer.ifPresent(it -> it.afterStep(seen));
    for (RunningRequest member : members) {
      member.count(Checks.entry(taken, member));
    }
    counts = counts.plus(rows);
    rows.forEach(Row::settle);
    List<Row> finished = rows.stream().filter(Row::isToBeChecked).toList();
    if (!finished.isEmpty() && !advance(() -> shared.check(finished), finished, members)) {
      return;
    }
    for (RunningRequest member : members) {
      member.countChecked((int) finished.stream().filter(row -> row.job() == member.job()).count());
      if (member.settle()) {
        member.takeTurn(clock++);
      }
    }
  }

  /**
   * Runs networks for rows of some requests.
   *
   * @return whether it went well; otherwise the request whose row is at fault has failed, or all
   *     where none is known to be, and the others begin their images under way anew
   */
  private boolean advance(Runnable run, List<Row> rows, List<RunningRequest> members) {
    try {
      run.run();
      return true;
    } catch (NonFiniteException e) {
      Row culprit = rows.get(e.row());
      for (RunningRequest member : members) {
        if (member.job() == culprit.job()) {
          member.fail(RowCalls.named(culprit, e));
        } else {
          member.restart();
        }
      }
    } catch (InferenceException | IllegalStateException e) {
      members.forEach(member -> member.fail(e));
    }
    return false;
  }
}

package io.github.cpsample.evaluation.audit;

import com.google.gson.Gson;
import io.github.cpsample.evaluation.comparators.SampleCost;
import io.github.cpsample.evaluation.comparators.Trajectory;
import io.github.cpsample.evaluation.replication.ImageMatch;
import io.github.cpsample.evaluation.replication.SimilaritySettings;
import io.github.cpsample.evaluation.replication.SimilarityTable;
import io.github.cpsample.evaluation.replication.SpaceMatch;
import io.github.cpsample.evaluation.store.LineReader;
import io.github.cpsample.evaluation.store.StoredSample;
import io.github.cpsample.files.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is known of every sample, with the training images nearest to it. */
final class SampleResults {

  private static final Gson JSON = new Gson();

  private final SampleSets samples;
  private final ReplicationStage matches;

  SampleResults(SampleSets samples, ReplicationStage matches) {
    this.samples = samples;
    this.matches = matches;
  }

  /** A line of {@code samples.jsonl}. */
  private record Line(
      String method,
      long seed,
      boolean delivered,
      int steps,
      int guardedSteps,
      int returns,
      int redos,
      boolean recognised,
      SampleCost cost,
      List<SpaceMatch> nearest) {}

  /** Receives the samples of a method, in the order of their seeds. */
  @FunctionalInterface
  private interface Receiver {
    void accept(StoredSample sample, Optional<ImageMatch> match) throws IOException;
  }

  private void read(String method, Receiver receiver) throws IOException {
    try (LineReader<StoredSample> lines = samples.of(method).reader();
        LineReader<ImageMatch> found = matches.matches(method).reader()) {
      for (Optional<StoredSample> sample = lines.next();
          sample.isPresent();
          sample = lines.next()) {
        receiver.accept(sample.get(), sample.get().delivered() ? found.next() : Optional.empty());
      }
    }
  }

  /** All of them, for figures. */
  SimilarityTable table(SimilaritySettings settings) throws IOException {
    SimilarityTable table = new SimilarityTable(List.copyOf(samples.methods()), settings);
    try (LineReader<ImageMatch> found = matches.matches(AuditImages.HELD_OUT).reader()) {
      for (Optional<ImageMatch> match = found.next(); match.isPresent(); match = found.next()) {
        table.addHeldOut(match.get());
      }
    }
    for (String method : samples.methods()) {
      read(method, (sample, match) -> match.ifPresent(it -> table.add(method, sample.seed(), it)));
    }
    return table;
  }

  /** Writes a line for every seed of every method. */
  void write(Path file) throws IOException {
    WholeFile.write(
        file,
        out -> {
          for (String method : samples.methods()) {
            read(method, (sample, match) -> out.write(line(method, sample, match)));
          }
        });
  }

  private static byte[] line(String method, StoredSample sample, Optional<ImageMatch> match) {
    Trajectory way = sample.trajectory();
    Line line =
        new Line(
            method,
            sample.seed(),
            sample.delivered(),
            way.steps(),
            way.guardedSteps(),
            way.returns(),
            way.redos(),
            way.recognised(),
            sample.cost(),
            match.map(ImageMatch::spaces).orElse(List.of()));
    return (JSON.toJson(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}

package io.github.cpsample.tools.commands.sampling;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What audits say about ways to deploy their models, for whoever deploys them. */
final class AuditVerdicts {
  private static final String TAKES_IMAGES = "server that also takes images";
  private static final String REPORTS = "server that also returns reports";
  private static final String FILE = "report.json";

  private final List<Audit> audits;

  private AuditVerdicts(List<Audit> audits) {
    this.audits = List.copyOf(audits);
  }

  /**
   * An audit.
   *
   * @param title what it is called
   * @param model the name of its model; empty where it does not say
   * @param deployments what it says about them
   */
  private record Audit(String title, String model, JsonArray deployments) {
    private Optional<String> says(String name) {
      for (JsonElement element : deployments) {
        JsonObject deployment = element.getAsJsonObject();
        if (deployment.get("name").getAsString().contains(name)) {
          return Optional.of(deployment.get("verdict").getAsString());
        }
      }
      return Optional.empty();
    }

    private String verdict(String name) {
      return title + says(name).map(text -> " says: " + text).orElse(" says nothing about it");
    }
  }

  /**
   * Reads an audit's {@code report.json}.
   *
   * @throws IOException if it cannot be read or is something else
   */
  static AuditVerdicts of(Path file) throws IOException {
    Audit audit =
        read(file, "the audit")
            .orElseThrow(
                () ->
                    new IOException(
                        file
                            + ": expected the report.json of 'cpsample audit', found something"
                            + " else"));
    return new AuditVerdicts(List.of(audit));
  }

  /**
   * Reads the audits that lie in the folders of bundles or beside the bundles. Files of that name
   * that are no audits, or those of other models, are passed over.
   *
   * @param models names of models, and what they were opened by
   * @throws IOException if one cannot be read
   */
  static AuditVerdicts beside(Map<String, String> models) throws IOException {
    List<Audit> audits = new ArrayList<>();
    for (Map.Entry<String, String> model : models.entrySet()) {
      for (Path file : candidates(model.getValue())) {
        Optional<Audit> audit =
            read(file, "the audit " + file).filter(it -> it.model().equals(model.getKey()));
        if (audit.isPresent()) {
          audits.add(audit.get());
          break;
        }
      }
    }
    return new AuditVerdicts(audits);
  }

  private static List<Path> candidates(String model) {
    try {
      Path bundle = Path.of(model);
      return Files.exists(bundle)
          ? Stream.of(bundle.resolve(FILE), bundle.resolveSibling(FILE))
              .filter(Files::isRegularFile)
              .toList()
          : List.of();
    } catch (InvalidPathException e) {
      return List.of();
    }
  }

  private static Optional<Audit> read(Path file, String title) throws IOException {
    String text = Files.readString(file, StandardCharsets.UTF_8);
    try {
      JsonObject report = JsonParser.parseString(text).getAsJsonObject();
      JsonElement deployments = report.get("deployments");
      if (deployments == null || !deployments.isJsonArray()) {
        return Optional.empty();
      }
      JsonObject provenance = report.getAsJsonObject("provenance");
      String model = provenance == null ? "" : provenance.get("model").getAsString();
      return Optional.of(new Audit(title, model, deployments.getAsJsonArray()));
    } catch (JsonParseException | IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** What is said where images are taken. */
  String imagesTaken() {
    return "note: images are taken (--generate-only switches that off); " + verdict(TAKES_IMAGES);
  }

  /** What is said where reports leave. */
  String reports() {
    return "note: reports leave with the images; " + verdict(REPORTS);
  }

  private String verdict(String name) {
    return audits.isEmpty()
        ? "without --audit nothing says that this can be supported"
        : audits.stream().map(audit -> audit.verdict(name)).collect(Collectors.joining("; "));
  }
}

package io.github.cpsample.tools.commands.sampling;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What an audit says about ways to deploy its model, for whoever deploys it. */
final class AuditVerdicts {
  private static final String TAKES_IMAGES = "server that also takes images";
  private static final String REPORTS = "server that also returns reports";

  private final Optional<JsonArray> deployments;

  private AuditVerdicts(Optional<JsonArray> deployments) {
    this.deployments = deployments;
  }

  /**
   * Reads an audit's {@code report.json}.
   *
   * @param file empty where there is none
   * @throws IOException if it cannot be read or is something else
   */
  static AuditVerdicts of(Optional<Path> file) throws IOException {
    if (file.isEmpty()) {
      return new AuditVerdicts(Optional.empty());
    }
    String text = Files.readString(file.get(), StandardCharsets.UTF_8);
    try {
      JsonElement deployments = JsonParser.parseString(text).getAsJsonObject().get("deployments");
      if (deployments != null && deployments.isJsonArray()) {
        return new AuditVerdicts(Optional.of(deployments.getAsJsonArray()));
      }
    } catch (JsonParseException | IllegalStateException e) {
      // Said below, for everything that is no report.
    }
    throw new IOException(
        file.get() + ": expected the report.json of 'cpsample audit', found something else");
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
    if (deployments.isEmpty()) {
      return "without --audit nothing says that this can be supported";
    }
    for (JsonElement element : deployments.get()) {
      JsonObject deployment = element.getAsJsonObject();
      if (deployment.get("name").getAsString().contains(name)) {
        return "the audit says: " + deployment.get("verdict").getAsString();
      }
    }
    return "the audit says nothing about it";
  }
}

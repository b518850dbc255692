package io.github.cpsample.evaluation.figures;

import java.util.Map;

/**
 * What was measured with what, so that the audit can be repeated.
 *
 * @param model name of the model
 * @param files the bundle's files with their SHA-256
 * @param protection the model's protection, name and value
 * @param images number and fingerprint of the image sets, by name
 * @param settings of the audit, name and value
 * @param versions of this tool, Java, ONNX Runtime and the operating system
 * @param began when, ISO 8601
 * @param seconds of work, over all runs of an audit that was interrupted
 */
public record Provenance(
    String model,
    Map<String, String> files,
    Map<String, String> protection,
    Map<String, String> images,
    Map<String, String> settings,
    Map<String, String> versions,
    String began,
    double seconds) {}

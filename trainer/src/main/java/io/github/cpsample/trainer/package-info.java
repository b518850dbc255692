/** Training of denoisers and memorizing classifiers, and their export to ONNX. */
package io.github.cpsample.trainer;

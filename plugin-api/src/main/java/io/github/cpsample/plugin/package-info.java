/**
 * What a host application compiles against: discover providers in plugin jars, open a model,
 * generate protected images, follow and cancel the work, read the protection report; discover and
 * apply image operations.
 *
 * <p>Belongs here: interfaces that plugins implement and the immutable values that cross the
 * boundary. Does not belong here: any implementation of sampling, any type of ONNX Runtime, any
 * file format. Depends on the JDK only.
 *
 * <p><b>The model is a secret.</b> A protected model contains a classifier that recognises its
 * training images. Whoever holds the model file, or sees how certain the classifier is about an
 * image of their choice, can test whether that image was trained on. Keep models on the side of the
 * party that holds the training data; let users see images.
 */
package io.github.cpsample.plugin;

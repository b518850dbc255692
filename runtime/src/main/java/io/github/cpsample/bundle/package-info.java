/**
 * Model bundles: the manifest and the files it vouches for; opening them from a folder, a zip or a
 * jar resource, and writing them.
 *
 * <p>Belongs here: everything that decides whether a bundle is whole and fits this version. Does
 * not belong here: running the networks (package {@code inference}) and sampling (package {@code
 * sampling}). May use {@code onnx} to look at the networks' inputs and outputs, {@code image} for
 * shapes, the settings of {@code diffusion} and {@code protection} that a manifest records, Gson
 * and the JDK.
 *
 * <p>A bundle is as sensitive as the list of its training images: its classifier recognises them,
 * and its denoiser can be taken out and run unprotected.
 */
package io.github.cpsample.bundle;

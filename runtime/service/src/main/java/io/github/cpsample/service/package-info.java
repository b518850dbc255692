/**
 * Protected images over HTTP, for whoever embeds the service: {@code ImageService} starts and stops
 * it. {@code settings} is what may be set, {@code engine} computes images, {@code web} speaks the
 * APIs.
 */
package io.github.cpsample.service;

/**
 * Protected images for applications that speak to models through Spring AI, with auto-configuration
 * for Spring Boot.
 */
package io.github.cpsample.springai;

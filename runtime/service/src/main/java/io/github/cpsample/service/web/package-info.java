/**
 * The APIs that the service speaks, on Javalin, which is Jetty with routes: maintained, embeddable,
 * for Java 17, and with what a server in front of people needs: limits on bodies, data rates and
 * time. Belongs here: routes, reading requests, writing answers and errors, the page. JSON is
 * Gson's, as in the runtime.
 */
package io.github.cpsample.service.web;

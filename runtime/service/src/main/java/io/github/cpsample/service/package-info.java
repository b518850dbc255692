/**
 * Protected images over HTTP: starting and stopping the service, and what an operator may set. Here
 * is all that a host needs that embeds it.
 */
package io.github.cpsample.service;

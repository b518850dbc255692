/** What an operator may set: where the service listens, who may ask, what a request may cost. */
package io.github.cpsample.service.settings;

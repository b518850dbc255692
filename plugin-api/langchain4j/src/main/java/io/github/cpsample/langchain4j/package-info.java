/** Protected images for applications that speak to models through LangChain4j. */
package io.github.cpsample.langchain4j;

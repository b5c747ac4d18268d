/**
 * Teachers behind HTTP servers: vLLM ({@code VllmApi}) and SGLang ({@code SglangApi}). Start at
 * {@code ServedTeacher}: it cuts a batch into prompts, asks {@code Servers} about each, and has
 * {@code ServedRows} check the scores and turn them into statistics.
 *
 * <p>{@code Servers} shares prompts among the servers of one model and waits for those that are
 * away; {@code ServerLink} speaks HTTP with one. Answers are read as they come by {@code
 * JsonStream}, which parses ids and log-probs alone: 4.5 kB of JSON a position at k=64.
 *
 * <p>Bytes from a server are hostile: an answer is bounded by its question, counts with its closing
 * brace and all its rows, must be about the prompt that was sent, and each row must be of one
 * distribution.
 */
@NullMarked
package dev.stillhouse.pipeline.teacher.served;

import org.jspecify.annotations.NullMarked;

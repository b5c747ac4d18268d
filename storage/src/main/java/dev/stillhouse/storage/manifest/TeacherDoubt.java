package dev.stillhouse.storage.manifest;

/**
 * A promise that a dataset's teacher was found not to keep when the dataset was made.
 *
 * @param promise its name, as in "past-alone"
 * @param nats the largest difference between log-probs that should be equal
 * @param position of the difference within its text
 */
public record TeacherDoubt(String promise, double nats, int position) {}

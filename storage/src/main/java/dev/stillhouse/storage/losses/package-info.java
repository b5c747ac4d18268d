/**
 * Computes a student's losses and their gradients from stored statistics, in double, one position
 * at a time. They are definitions to check a trainer's fast code against, and too slow for an inner
 * loop (each gradient is an array of V numbers).
 *
 * <p><b>Words.</b> t is the teacher's distribution, known at some ids: log t_i is the stored
 * log-prob, against the full vocabulary. z are the student's logits, V of them, p = softmax(z). K
 * is the set of kept ids, lse(z) = log(sum of exp(z_j)). Sums run over all ids where no set is
 * named. {@link BatchPositions} takes a {@link PositionStatistic} out of a batch; every {@link
 * StudentLoss} takes one and z, and gives a {@link Loss}: a value in nats and its derivative by
 * each z_j.
 *
 * <table>
 * <caption>Losses, the derivative by z_j, and where it leads</caption>
 * <tr><th>loss</th><th>value</th><th>derivative by z_j</th><th>optimum</th></tr>
 * <tr><td>{@link FullDistillation}</td><td>sum t log(t/p)</td><td>p_j - t_j</td><td>p = t</td></tr>
 * <tr><td>{@link TopK#truncated}</td><td>sum_K t log(t/p)</td>
 *   <td>(sum_K t) p_j - t_j [j in K]</td><td>biased: p = t / sum_K t, nothing outside K</td></tr>
 * <tr><td>{@link TopK#renormalised}</td><td>sum_K u log(u/p), u = t / sum_K t</td>
 *   <td>p_j - u_j [j in K]</td><td>the same</td></tr>
 * <tr><td>{@link TopK#bothRenormalised}</td><td>sum_K u log(u/r), r = p / sum_K p</td>
 *   <td>r_j - u_j in K, 0 outside</td><td>r = u; the mass outside K is left to chance</td></tr>
 * <tr><td>{@link TailBucket}</td><td>sum_K t log(t/p) + (1-T) log((1-T)/(1-P)), T and P the kept
 *   masses</td><td>p_j - t_j in K, p_j (1 - (1-T)/(1-P)) outside</td><td>p = t in K, and the right
 *   mass outside; never more than the full value</td></tr>
 * <tr><td>{@link SampledEstimate}</td><td>-sum w log p, w_i = (count_i / N) t_i / q_i</td>
 *   <td>(sum w) p_j - w_j</td><td>on average over draws: p = t</td></tr>
 * <tr><td>{@link UnionEstimate}</td><td>the same, w_i = t_i for ids that are not there by chance</td>
 *   <td>the same</td><td>the same, each w_i with less variance</td></tr>
 * </table>
 *
 * <p><b>Other temperatures.</b> {@link Temperature} gives a position's log-probs, tail and draws at
 * T, exactly, from the log-normaliser at T (statistic {@code normaliser-at}): log t_T(i) = (log t_i
 * + lse) / T - lse_T, with lse_T = log(sum of exp(x_j / T)) over the teacher's logits x. Any loss
 * applies to the result. If none was stored, {@link NormaliserBounds} gives its bounds.
 *
 * <p><b>Other ids.</b> {@link TeacherLogProbs} has the teacher's log-prob of any id that was kept,
 * and a proven upper bound of any other: what a loss over the student's own choices needs.
 *
 * <p><b>Which one?</b> With draws, {@code UnionEstimate} is the one without bias. Without, {@code
 * TailBucket} is the least wrong. The three of {@code TopK} are here for comparison: others use
 * them.
 *
 * <p><b>Sources.</b> G. Hinton, O. Vinyals, J. Dean: Distilling the Knowledge in a Neural Network,
 * 2015 (full distillation, temperature, T squared). A. Anshumann and others: Sparse Logit Sampling:
 * Accelerating Knowledge Distillation in LLMs, ACL 2025 (the bias of top-k, draws in its place). H.
 * Kahn, A. W. Marshall: Methods of Reducing Sample Size in Monte Carlo Computations, 1953 (weights
 * t/q). M. Maechler: Accurately Computing log(1 - exp(-|a|)), 2012. The tail bucket is known to
 * practitioners as ghost token; it is the divergence after merging all other ids into one, so that
 * it can only be less: T. M. Cover, J. A. Thomas: Elements of Information Theory, 2006, the log-sum
 * inequality.
 */
@NullMarked
package dev.stillhouse.storage.losses;

import org.jspecify.annotations.NullMarked;

/**
 * Philox2x32-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"): a counter hash in 32-bit integer
 * arithmetic. A random number is a pure function of (key, counter), so no generator has a state, streams never overlap by
 * accident of order, and a copied run draws what the original would have drawn.
 */
export function philox(key: number, counterLow: number, counterHigh: number): number {
  let low = counterLow | 0;
  let high = counterHigh | 0;
  let round = key | 0;
  for (let i = 0; i < 10; i++) {
    // 32 × 32 → 64 bits of 0xD256D193 × low, from 16-bit halves
    const lowHalf = low & 0xffff;
    const highHalf = low >>> 16;
    const ll = Math.imul(lowHalf, 0xd193) >>> 0;
    const hl = Math.imul(highHalf, 0xd193) >>> 0;
    const lh = Math.imul(lowHalf, 0xd256) >>> 0;
    const middle = (ll >>> 16) + (hl & 0xffff) + (lh & 0xffff);
    const upper = (Math.imul(highHalf, 0xd256) + (hl >>> 16) + (lh >>> 16) + (middle >>> 16)) | 0;
    const lower = Math.imul(low, 0xd256d193);
    low = upper ^ round ^ high;
    high = lower;
    round = (round + 0x9e3779b9) | 0;
  }
  philoxHigh = high;
  return low;
}

/** Second word of the last call of `philox`; read it at once. */
export let philoxHigh = 0;

/** A number in the open interval (0, 1) with 53 random bits: number `index` of a stream. */
export function uniformAt(key: number, stream: number, index: number): number {
  const high = philox(key, index | 0, stream ^ ((index / 4294967296) | 0));
  return ((high >>> 5) * 67108864 + (philoxHigh >>> 6) + 0.5) * (1 / 9007199254740992);
}

/** The key of one replication of one seed: consecutive seeds and replications share nothing. */
export function replicationKey(seed: number, replication: number): number {
  return philox(0x5eed, Math.floor(seed) | 0, philox(0x2e91, Math.floor(replication) | 0, (seed / 4294967296) | 0));
}

/** The stream of a component and a purpose, by name: adding a component moves nobody else's numbers. */
export function streamOf(component: string, purpose: string): number {
  let a = 0x811c9dc5 | 0;
  const text = `${component}\u0000${purpose}`;
  for (let i = 0; i < text.length; i++) a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
  return philox(0x57e4, a, text.length);
}

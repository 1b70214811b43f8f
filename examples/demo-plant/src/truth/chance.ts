/** A number in [0, 1) that depends on nothing but its arguments (FNV-1a, then a 32-bit finaliser). */
export function hashUnit(seed: number, name: string): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  return mix(hash) / 2 ** 32;
}

/** The same from integers, for values drawn a million times. */
export function hashNumber(seed: number, a: number, b: number): number {
  return (
    mix(Math.imul(mix(seed ^ Math.imul(a, 0x9e3779b1)), 0x85ebca6b) ^ Math.imul(b | 0, 0xc2b2ae35) ^ Math.floor(b / 2 ** 32)) / 2 ** 32
  );
}

/** Roughly standard normal: the sum of four uniform numbers, scaled; never beyond ±3.5. */
export function hashNormal(seed: number, a: number, b: number): number {
  const sum = hashNumber(seed, a, b) + hashNumber(seed + 1, a, b) + hashNumber(seed + 2, a, b) + hashNumber(seed + 3, a, b);
  return (sum - 2) * 1.7320508;
}

function mix(value: number): number {
  let hash = value >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

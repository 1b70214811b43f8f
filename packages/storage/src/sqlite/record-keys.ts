/** 53 bits over kind, name of the index and value: short keys that compare fast. What shares one is distinguished when read. */
export function indexKey(kind: string, name: string, value: string): number {
  return keyOf(`${kind} ${name} ${value}`, 0x811c9dc5);
}

/** The same over the id of a record, of other keys than those of indexes. */
export function idKey(id: string): number {
  return keyOf(id, 0x2545f491);
}

/** Two multiplications a character (after FNV-1a and MurmurHash3's finish). */
function keyOf(text: string, seed: number): number {
  let [low, high] = [seed, 0x9e3779b9];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    low = Math.imul(low ^ code, 0x01000193);
    high = Math.imul(high ^ code ^ (low >>> 15), 0x85ebca6b);
    high = (high << 13) | (high >>> 19);
  }
  low = Math.imul(low ^ (low >>> 16) ^ high, 0x85ebca6b);
  high = Math.imul(high ^ (high >>> 13) ^ low, 0xc2b2ae35);
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
